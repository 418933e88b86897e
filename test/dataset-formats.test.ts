import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';
import canonicalizeModule from 'canonicalize';
import { describe, expect, test } from 'vitest';

import type { Json } from '../src/dataset/content.js';
import type { ExportFormat, StoredCase } from '../src/dataset/formats/format.js';
import { formats } from '../src/dataset/formats/index.js';
import { evalCaseSchema } from '../src/dataset/formats/jsonl.schema.js';
import { splitOf } from '../src/dataset/split.js';
import { hostile } from './contract/hostile.mjs';
import { info } from './support/format-files.js';
import { withAlternatives } from './support/format-readers.js';
import { madeUpCase, madeUpCases } from './support/made-up-cases.js';

const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;
const isValid = new Ajv2020({ allowUnionTypes: true }).compile(evalCaseSchema);

/** Reads a line back as strictly as it can be read, knowing only the format's documentation. */
const readers: Record<string, (line: string) => unknown> = {
  jsonl: (line) => JSON.parse(line),
  promptfoo: (line) => {
    const test = JSON.parse(line);
    expect(Object.keys(test)).toEqual(['description', 'vars', 'metadata']);
    expect(Object.keys(test.vars)).toEqual(['case']);
    return promptfooCase(test);
  },
  'promptfoo-array': (line) => {
    const test = JSON.parse(line);
    expect(Object.keys(test)).toEqual(['description', 'vars', 'options', 'metadata']);
    expect(test.options).toEqual({ disableVarExpansion: true });
    expect(Object.keys(test.vars)).toEqual(['input', 'case']);
    expect(test.vars.input).toEqual([test.vars.case.input]);
    return promptfooCase(test);
  },
};

function promptfooCase(test: any): unknown {
  const { id, record_json: record, context_json: context, ...fields } = test.vars.case;
  expect(id).toBe(test.description);
  const content = (name: string) => {
    const [text, kind] = [fields[name], fields[`${name}_kind`]];
    if (kind === 'text') return { kind, text };
    return kind === 'messages' ? { kind, messages: JSON.parse(text) } : { kind, value: JSON.parse(text) };
  };
  return withAlternatives({
    ...JSON.parse(record),
    input: content('input'),
    ...(context && { context: JSON.parse(context) }),
    ...(fields.expected_kind !== '' && { expected: content('expected') }),
    observed: content('observed'),
  });
}

function linesOf(format: ExportFormat, cases: readonly StoredCase[]): string {
  return cases
    .map((stored) => format.encode(stored, info))
    .map((encoded) => ('line' in encoded ? `${encoded.line}\n` : ''))
    .join('');
}

// The other formats: format-round-trip.test.ts.
describe.each([...formats.values()].filter(({ name }) => name in readers))('format $name', (format) => {
  test('writes the same bytes as ever', () => {
    const golden = (name: string) => readFileSync(new URL(`golden/${format.name}/${name}`, import.meta.url), 'utf8');
    expect(linesOf(format, madeUpCases)).toBe(golden(format.casesFile));
    const files = format.files(info, new Map());
    expect(files.map(({ path, content }) => [path, content])).toEqual(files.map(({ path }) => [path, golden(path)]));
  });

  test('gives every hostile text back byte for byte, in every place that one can stand in', () => {
    let number = 0;
    const shapes: ((text: string) => Json)[] = [
      (text) => text,
      (text) => [{ role: 'user', content: text }],
      (text) => ({ [text || 'empty']: [text], $ref: text }),
    ];
    const cases = [...hostile.values()].flatMap((text) =>
      shapes.map((shape) =>
        madeUpCase((number += 1), {
          input: shape(text),
          output: shape(text),
          expected: shape(text),
          context: [shape(text)],
          tags: [text],
        }),
      ),
    );
    const text = linesOf(format, cases);
    // The ends of lines that Python's splitlines knows, not only JSON Lines' own.
    // oxlint-disable-next-line no-control-regex
    const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\u0085\u2028\u2029]/);
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(cases.length);
    lines.forEach((line, i) => {
      const read = readers[format.name]!(line);
      expect(canonicalize(read)).toBe(canonicalize(JSON.parse(cases[i]!.record!)));
      expect(isValid(read), JSON.stringify(isValid.errors)).toBe(true);
      expect(format.caseId?.(line)).toBe(cases[i]!.id);
    });
  });
});

test('a promptfoo test holds no string of a case outside of vars.case', () => {
  const marker = 'file://marker {{ env.X }}';
  const stored = madeUpCase(1, { input: marker, output: marker, expected: marker, context: [marker], tags: [marker] });
  const encoded = formats.get('promptfoo')!.encode(stored, info);
  const { vars, ...outside } = JSON.parse('line' in encoded ? encoded.line : '');
  expect(JSON.stringify(outside)).not.toContain('marker');
  for (const value of Object.values(vars.case)) expect(typeof value).toBe('string');
});

test('splits follow their percentages and do not depend on what else there is', () => {
  const percents = { train: 80, validation: 10, test: 10 };
  const counts = { train: 0, validation: 0, test: 0 };
  for (let i = 0; i < 20_000; i += 1) counts[splitOf('salt', `group ${i}`, percents)] += 1;
  expect(Math.abs(counts.train - 16_000)).toBeLessThan(300);
  expect(Math.abs(counts.validation - 2_000)).toBeLessThan(200);
  expect(Math.abs(counts.test - 2_000)).toBeLessThan(200);
  expect(splitOf('salt', 'x', { train: 0, validation: 0, test: 100 })).toBe('test');
  expect(splitOf('salt', 'x', { train: 100, validation: 0, test: 0 })).toBe('train');
});
