import { readFileSync } from 'node:fs';

import canonicalizeModule from 'canonicalize';
import { describe, expect, test } from 'vitest';

import type { Json } from '../src/dataset/content.js';
import type { StoredCase } from '../src/dataset/formats/format.js';
import { formats } from '../src/dataset/formats/index.js';
import { hostile } from './contract/hostile.mjs';
import { caseWith, formatCases } from './support/format-cases.js';
import { expectedOf } from './support/format-expectations.js';
import { info, written } from './support/format-files.js';
import { readers } from './support/format-readers.js';

const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

async function expectExactOrListed(format: string, cases: readonly StoredCase[]): Promise<Map<string, string>> {
  const { files, manifest } = await written(formats.get(format)!, cases);
  const read = new Map((await readers[format]!(files, manifest.rows)).map((record) => [record.id, record]));
  expect(read.size).toBe(manifest.count);
  const skipped = new Map(manifest.skipped.map(({ case_id: id, reason }) => [id, reason]));
  for (const stored of cases) {
    if (stored.record === null) continue;
    expect(read.has(stored.id), `${stored.id} is either there or listed`).toBe(!skipped.has(stored.id));
    if (!read.has(stored.id)) continue;
    expect(canonicalize(read.get(stored.id))).toBe(canonicalize(expectedOf(format, JSON.parse(stored.record!))));
  }
  return skipped;
}

// Whose lines are whole records: dataset-formats.test.ts.
const lineFormats = new Set(['jsonl', 'promptfoo', 'promptfoo-array']);

/** Hostile texts that a format does not keep where it stands in every place, with the start of the reason. */
const unsayable: Readonly<Record<string, readonly [RegExp, string][]>> = {
  inspect: [[/^$/, 'an empty']],
  deepeval: [[/\[DEEPEVAL:/, 'holds [DEEPEVAL:']],
  langfuse: [[/@@@langfuseMedia/, 'holds @@@langfuseMedia']],
  sft: [[/^$/, 'an empty']],
  dpo: [[/^$/, 'an empty']],
  'trl-preference': [[/^$/, 'an empty']],
  'trl-kto': [[/^$/, 'an empty']],
};

const training = new Set(['sft', 'dpo', 'trl-preference', 'trl-kto']);

describe.each(Object.keys(readers))('format %s', (format) => {
  test('gives everything back exactly that it does not list as left out', async () => {
    await expectExactOrListed(format, formatCases);
  });

  test('gives every hostile text back byte for byte, wherever it can say it', async () => {
    const shapes: ((text: string) => Json)[] = [
      (text) => text,
      (text) => [{ role: 'user', content: text }],
      (text) => ({ [text || 'empty']: [text], $ref: text }),
    ];
    const isTraining = training.has(format);
    let number = 0;
    const texts = new Map<string, { text: string; shape: number }>();
    const cases = [...hostile.values()].flatMap((text) =>
      shapes.map((shape, i) => {
        const isKto = format === 'trl-kto';
        const answer = isTraining || format === 'ragas' ? text : shape(text);
        const stored = caseWith(
          (number += 1),
          {
            input: shape(text),
            output: answer,
            ...(!isKto && { expected: isTraining ? `${text}better` : answer }),
            ...(!isTraining && !(format === 'ragas' && i > 0) && { context: [text] }),
            tags: [text],
          },
          isTraining ? { split: 'train' } : {},
        );
        texts.set(stored.id, { text, shape: i });
        return stored;
      }),
    );
    const skipped = await expectExactOrListed(format, cases);
    const textOnly = isTraining || format === 'ragas';
    for (const [id, { text, shape }] of texts) {
      const reason = skipped.get(id);
      if (textOnly && shape === 2) {
        expect(reason).toMatch(/^the input is JSON/);
        continue;
      }
      const [, start] = unsayable[format]?.find(([pattern]) => pattern.test(text)) ?? [];
      // An empty text is not empty any more inside of messages or JSON, except where messages are taken apart.
      const isSayable = !start || (text === '' && format === 'inspect' && shape > 0);
      if (isSayable) expect(reason, JSON.stringify(text.slice(0, 80))).toBeUndefined();
      else expect(reason?.startsWith(start), `${reason}`).toBe(true);
    }
  });

  test('writes the same bytes whatever the size of the pages', async () => {
    const [few, many] = await Promise.all([
      written(formats.get(format)!, formatCases, 2),
      written(formats.get(format)!, formatCases, 100),
    ]);
    expect(few).toEqual(many);
  });
});

describe.each([...formats.values()].filter(({ name }) => !lineFormats.has(name)))('format $name', (format) => {
  test('writes the same bytes as ever', async () => {
    const { files, manifest } = await written(format, formatCases);
    for (const [path, content] of files) {
      const golden = readFileSync(new URL(`golden/${format.name}/${path}`, import.meta.url));
      expect(content.equals(golden), `${path}\n${content.toString()}`).toBe(true);
    }
    const golden = readFileSync(new URL(`golden/${format.name}/skipped.json`, import.meta.url), 'utf8');
    expect(`${JSON.stringify(manifest.skipped, null, 2)}\n`).toBe(golden);
  });

  test('names the case of a line, or starts over after a cut', () => {
    for (const stored of formatCases) {
      const encoded = format.encode(stored, info);
      if ('line' in encoded && format.caseId) expect(format.caseId(encoded.line)).toBe(stored.id);
    }
  });
});
