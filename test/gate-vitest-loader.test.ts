import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { describe, expect, test } from 'vitest';

import { loadCases, valueOf } from '../examples/ci/vitest/cases.js';
import { hostile } from './contract/hostile.mjs';
import { type Bench, benchOf, labelled, run } from './support/gate.js';

const root = resolve(import.meta.dirname, '..');
const example = join(root, 'examples/ci/vitest');
const texts = [...hostile.values()];
const cases = texts.map((text, i) => labelled(i + 1, {}, { input: text, expected: text }));
const rejected = labelled(900, {}, { expected: undefined });
const bench = benchOf([...cases, rejected], 'jsonl');

describe('the loader of the Vitest example', () => {
  test('gives every text back byte for byte', async () => {
    const { folder } = await bench.open();
    const loaded = loadCases(folder);
    expect(loaded.slice(0, -1).map(({ input }) => valueOf(input))).toEqual(texts);
    expect(loaded.slice(0, -1).map(({ expected }) => expected && valueOf(expected))).toEqual(texts);
    expect(loaded.at(-1)).toMatchObject({ id: rejected.id, verdict: 'REJECTED' });
    expect(loaded.at(-1)).not.toHaveProperty('expected');
  });

  test('leaves out what was retracted', async () => {
    const gone = { ...labelled(901, {}), revision: 2, record: null };
    const { folder } = await bench.open([rejected, gone], 'jsonl', 5);
    expect(loadCases(folder).map(({ id }) => id)).toEqual([rejected.id]);
  });

  test.each<[string, (the: Bench) => void, RegExp]>([
    ['a text was changed', (the) => change(the, 'answer', 'anzwer'), /cases.jsonl is not what manifest.json says/],
    ['another file was changed', (the) => the.write('schema.json', '{}'), /schema.json is not what/],
    [
      'the file is missing',
      (the) => the.write('manifest.json', readManifest(the).replace('cases.jsonl', 'no.jsonl')),
      /ENOENT/,
    ],
    [
      'the manifest lists other cases',
      (the) => the.write('manifest.json', readManifest(the).replace(rejected.id, cases[0]?.id ?? '')),
      /is not the case/,
    ],
    [
      'the manifest counts other cases',
      (the) => the.write('manifest.json', readManifest(the).replace(/"count": \d+/, '"count": 1')),
      /rows, not 1/,
    ],
  ])('refuses an export when %s', async (_, damage, says) => {
    const the = await bench.open([...cases, labelled(902, {}), rejected]);
    damage(the);
    expect(() => loadCases(the.folder)).toThrow(says);
  });

  test('refuses an export without cases and one of another format', async () => {
    expect(() => loadCases('/nowhere')).toThrow(/ENOENT/);
    const empty = await bench.open([]);
    expect(() => loadCases(empty.folder)).toThrow(/holds no cases/);
    const other = await bench.open(cases, 'promptfoo');
    expect(() => loadCases(other.folder)).toThrow(/--format jsonl/);
  });
});

function readManifest({ folder }: Bench): string {
  return readFileSync(join(folder, 'manifest.json'), 'utf8');
}

function change({ folder, write }: Bench, from: string, to: string): void {
  write('cases.jsonl', readFileSync(join(folder, 'cases.jsonl'), 'utf8').replace(from, to));
}

/** The example as somebody would copy it, with an application in it, run by the real Vitest. */
function runExample({ folder, write }: Bench, application: string): { status: number | null; results: string } {
  const copy = join(folder, 'copy');
  cpSync(example, copy, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  write('copy/application.ts', application);
  const results = join(folder, 'junit.xml');
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--root',
      copy,
      '--reporter=junit',
      `--outputFile=${results}`,
    ],
    { cwd: copy, env: { PATH: process.env.PATH, CASES: folder }, encoding: 'utf8' },
  );
  return { status, results };
}

const knowing = (wrong: string) => `
  import { loadCases, valueOf } from './cases.js';
  const known = new Map(loadCases(process.env.CASES ?? '').map((one) => [JSON.stringify(one.input), one]));
  export async function answer(input: unknown): Promise<unknown> {
    const { id, expected } = known.get(JSON.stringify(input)) ?? {};
    return id === '${wrong}' ? 'something else' : expected ? valueOf(expected) : 'not that again';
  }`;

describe('the Vitest example and the gate', () => {
  // Two hostile texts may be the same, which the made-up application could not tell apart.
  const different = [...new Map(cases.map((one, i) => [texts[i], one])).values()];

  test('pass an application that is right', async () => {
    const the = await bench.open([...different, rejected]);
    const { status, results } = runExample(the, knowing('nobody'));
    const { code, out } = await the.gate('--results', results);
    expect([status, code, out]).toEqual([0, 0, expect.stringContaining('PASSED')]);
  });

  test('fail an application that is wrong about one case', async () => {
    const the = await bench.open([...different, rejected]);
    const wrong = different[3]?.id ?? '';
    const { status, results } = runExample(the, knowing(wrong));
    const { code, out } = await the.gate('--results', results);
    expect([status, code, out]).toEqual([1, 1, expect.stringContaining(`${wrong}  failed`)]);
  });

  test('take a suite that could not load its cases for an incomplete run', async () => {
    const the = await bench.open();
    change(the, 'answer', 'anzwer');
    the.write('cases.jsonl', '');
    const { status, results } = runExample(the, knowing('nobody'));
    expect(status).toBe(1);
    expect(existsSync(results)).toBe(true);
    expect((await run(['gate', '--manifest', the.folder, '--results', results])).code).toBe(3);
  });
});
