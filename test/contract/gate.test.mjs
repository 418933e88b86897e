import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { runPromptfoo } from './promptfoo.mjs';

/**
 * The gate on what the real promptfoo writes. The exit code of promptfoo is noted beside the gate's: 0 where promptfoo is
 * green and nothing was tested, which is why there is a gate.
 */
const built = (path) => new URL(`../../dist/src/${path}`, import.meta.url);
const cli = fileURLToPath(new URL('../../bin/countersign.mjs', import.meta.url));
let dataset;
let folder;
let config;

before(async () => {
  await import(new URL('../../node_modules/reflect-metadata/Reflect.js', import.meta.url));
  const [{ formats }, { manifestOf }] = await Promise.all(
    ['dataset/formats/index.js', 'dataset/manifest.js'].map((path) => import(built(path))),
  );
  dataset = { format: formats.get('promptfoo'), manifestOf };
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-gate-'));
  await exportTo(folder);
  config = await readFile(join(folder, 'promptfooconfig.yaml'), 'utf8');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function stored(number) {
  const id = `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const contentHash = `sha256:${String(number).padStart(64, '0')}`;
  const text = (words) => ({ kind: 'text', text: words });
  const record = {
    schema: 'countersign.eval_case/1',
    id,
    revision: 1,
    content_hash: contentHash,
    input: text(`question ${number} {{ 7*7 }}`),
    expected: text(`answer ${number}\n`),
    observed: text('no'),
    verdict: 'CORRECTED',
    assertions: [{ kind: 'exact' }],
    tags: [],
    split: 'test',
    group_key: id,
    provenance: { labels: { failure_category: number === 1 ? 'tone' : 'policy' } },
  };
  return { id, revision: 1, contentHash, split: 'test', record: JSON.stringify(record) };
}

/** What "countersign export --format promptfoo" writes. */
async function exportTo(out) {
  const { format, manifestOf } = dataset;
  const cases = [1, 2, 3, 4, 5].map(stored);
  const target = { projectId: 1, datasetId: stored(9).id, dataset: 'refunds', snapshot: null, hash: null };
  const info = { ...target, at: 1, since: 0, format, caseCount: cases.length };
  for (const { path, content } of format.files(info, new Map())) await writeFile(join(out, path), content);
  await writeFile(join(out, format.casesFile), cases.map((one) => `${format.encode(one, info).line}\n`).join(''));
  let manifest = '';
  for await (const piece of manifestOf(info, () => [cases])) manifest += piece;
  await writeFile(join(out, 'manifest.json'), manifest);
}

/** Runs promptfoo, then the gate; returns both exit codes and what the gate said. */
async function decide(provider, { promptfoo = [], gate = [], output = 'kept.json' } = {}) {
  const results = join(folder, output);
  const run = await runPromptfoo(folder, provider, ['-o', results, ...promptfoo]);
  const args = [cli, 'gate', '--manifest', folder, '--results', results, ...gate];
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { codes: [run.exitCode, code], said };
}

const editConfig = (change) => writeFile(join(folder, 'promptfooconfig.yaml'), change(config));

test('an application that is right passes', async () => {
  const { codes, said } = await decide('oracle', { gate: ['--slice', 'failure_category'] });
  assert.deepEqual(codes, [0, 0], said);
  assert.match(said, /PASSED refunds: 5 of 5 cases/);
  assert.match(said, /failure_category = tone: 1 of 1/);
});

test('one wrong answer fails, and is shown', async () => {
  const { codes, said } = await decide('one-wrong');
  assert.deepEqual(codes, [100, 1], said);
  assert.match(said, /expected +"answer 1\\n"\n +got +"answer 1\\n Or not\."/);
  assert.deepEqual((await decide('one-wrong', { gate: ['--min-pass-rate', '0.8'] })).codes, [100, 0]);
});

test('results as JSON Lines are read as well', async () => {
  const { codes, said } = await decide('one-wrong', { output: 'kept.jsonl' });
  assert.deepEqual(codes, [100, 1], said);
});

/** The check that most people write; ours would not pass a test without a case. */
const plainCheck = (text) =>
  text.replace(/- type: javascript[^]*(?=tests:)/, "- { type: equals, value: '{{case.expected}}' }\n");

test('an empty file of cases, which promptfoo passes, is an incomplete run', async () => {
  await writeFile(join(folder, 'cases.jsonl'), '');
  await editConfig(plainCheck);
  const { codes, said } = await decide('obliging');
  assert.deepEqual(codes, [0, 3], said);
  assert.match(said, /5 not tried/);
  assert.match(said, /A result names no case/);
});

test('a missing file in a list of tests, which promptfoo passes, is an incomplete run', async () => {
  await editConfig((text) => plainCheck(text).replace('file://cases.jsonl', '[file://missing.jsonl]'));
  const { codes, said } = await decide('obliging');
  assert.deepEqual(codes, [0, 3], said);
  assert.match(said, /5 not tried/);
});

test('a filter that matches nothing, which promptfoo passes, is an incomplete run', async () => {
  const { codes, said } = await decide('oracle', { promptfoo: ['--filter-pattern', 'no such case'] });
  assert.deepEqual(codes, [0, 3], said);
});

test('a filter that matches some, which promptfoo passes, is an incomplete run', async () => {
  const { codes, said } = await decide('oracle', { promptfoo: ['--filter-first-n', '4'] });
  assert.deepEqual(codes, [0, 3], said);
  assert.match(said, /0005 {2}not tried\n +problem +It did not run/);
});

test('tests without an assertion, which promptfoo passes, are an incomplete run', async () => {
  await editConfig((text) => text.replace(/defaultTest:[^]*(?=tests:)/, ''));
  const { codes, said } = await decide('oracle');
  assert.deepEqual(codes, [0, 3], said);
  assert.match(said, /Nothing was checked/);
});

test('an application that is down for a case is an incomplete run', async () => {
  const { codes, said } = await decide('broken');
  assert.deepEqual(codes, [100, 3], said);
  assert.match(said, /It broke before it could be judged/);
  assert.match(said, /the model is down \\u001b\[31m/);
});

test('repeats have to be said', async () => {
  const promptfoo = ['--repeat', '2'];
  assert.deepEqual((await decide('oracle', { promptfoo })).codes, [0, 3]);
  assert.deepEqual((await decide('oracle', { promptfoo, gate: ['--repeats', '2'] })).codes, [0, 0]);
});
