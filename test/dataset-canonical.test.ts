import { Ajv2020 } from 'ajv/dist/2020.js';
import canonicalizeModule from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Json } from '../src/dataset/content.js';
import { contentHash, jsonLine } from '../src/dataset/eval-case.record.js';
import { formats } from '../src/dataset/formats/index.js';
import { hostile } from './contract/hostile.mjs';
import { formatCases } from './support/format-cases.js';
import { written, type WrittenExport } from './support/format-files.js';
import { jsonLines } from './support/format-readers.js';
import { hostileCases } from './support/hostile-cases.js';
import { madeUpCase } from './support/made-up-cases.js';

const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;
const jsonl = formats.get('jsonl')!;

/** The schemas as they are shipped, not as the code has them. */
async function shipped(path: string): Promise<(value: unknown) => void> {
  const { files } = await written(jsonl, []);
  const isValid = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(files.get(path)!.toString()) as object);
  return (value) => expect(isValid(value), JSON.stringify(isValid.errors)).toBe(true);
}

/** Reads an export back by what its documents say, and checks every hash that it names. */
function imported({ files, manifest }: WrittenExport): Record<string, any>[] {
  const records = jsonLines(files.get('cases.jsonl'));
  expect(records.map(({ id }) => id)).toEqual(manifest.rows.map((row) => row.case_id));
  for (const { schema, input, expected, assertions, content_hash: hash } of records as any[]) {
    expect(`sha256:${contentHash({ schema, input, expected, assertions })}`).toBe(hash);
  }
  return records;
}

/** What can be stored: no lone surrogate, no U+0000, no integer beyond 2^53, no key of an object's own machinery. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((made) => made.replaceAll('\0', '')),
  fc.constantFrom(...hostile.values()).filter((made) => made.length < 1_000),
);
const json = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .filter((value) => !JSON.stringify(value).includes('\\u0000')) as fc.Arbitrary<Json>;
const message = fc.record(
  { role: fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool'), content: text },
  { noNullPrototype: true },
);
const value: fc.Arbitrary<Json> = fc.oneof(text, fc.array(message, { minLength: 1, maxLength: 4 }), json);
const content = fc.record(
  { input: value, output: value, expected: value, context: fc.array(json, { maxLength: 3 }), tags: fc.array(text) },
  { requiredKeys: ['input', 'output'], noNullPrototype: true },
);

test('what is exported and read back is what was stored', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(content, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (contents, page) => {
      const cases = contents.map((made, i) => madeUpCase(i + 1, made));
      const records = imported(await written(jsonl, cases, page));
      expect(records.map((record) => canonicalize(record))).toEqual(
        cases.map(({ record }) => canonicalize(JSON.parse(record!))),
      );
      records.forEach((record, i) => {
        const { input, expected } = contents[i]!;
        const plain = (one: any) => one.text ?? one.messages ?? one.value;
        expect(canonicalize(plain(record.input))).toBe(canonicalize(input));
        expect('expected' in record).toBe(expected !== undefined);
        if (expected !== undefined) expect(canonicalize(plain(record.expected))).toBe(canonicalize(expected));
      });
      // Exporting what was read back changes nothing.
      const again = await written(
        jsonl,
        cases.map((stored, i) => ({ ...stored, record: jsonLine(records[i]) })),
      );
      expect(imported(again)).toEqual(records);
    }),
    { numRuns: 60 },
  );
});

test('every line fits the schema that is shipped with it', async () => {
  const check = await shipped('schema.json');
  const { files } = await written(jsonl, [...formatCases, ...hostileCases(100)]);
  const records = jsonLines(files.get('cases.jsonl'));
  expect(records.length).toBeGreaterThan(500);
  for (const record of records) check(record);
});

describe.each([...formats.values()])('the manifest of $name', (format) => {
  test('fits the schema that is shipped, and lists every hostile text as there or left out', async () => {
    const check = await shipped('manifest.schema.json');
    const cases = [...formatCases, ...hostileCases(100)];
    const { manifest } = await written(format, cases);
    check({ ...manifest, at: 'x' });
    const listed = [...manifest.rows, ...manifest.skipped].map((entry) => entry.case_id);
    const live = cases.filter(({ record }) => record !== null || format === jsonl).map(({ id }) => id);
    expect(listed.sort()).toEqual(live.sort());
  });
});

test('there are enough hostile texts, each another', () => {
  expect(hostile.size).toBeGreaterThanOrEqual(45);
  expect(new Set(hostile.values()).size).toBe(hostile.size);
});
