import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { hostile } from './hostile.mjs';

/**
 * What "countersign export --format braintrust" writes, through the real `Eval()` of Braintrust with our scorer and, beside
 * it, autoevals' ExactMatch, in a process of its own without a network, and then through the gate.
 */
const CANARY = 'canary-4f1d2c7b9a';
const root = new URL('../../', import.meta.url);
const cli = fileURLToPath(new URL('bin/countersign.mjs', root));
let folder;
let count;

before(async () => {
  await import(new URL('node_modules/reflect-metadata/Reflect.js', root));
  const [{ formats }, { manifestOf }] = await Promise.all(
    ['dataset/formats/index.js', 'dataset/manifest.js'].map((path) => import(new URL(`dist/src/${path}`, root))),
  );
  folder = await mkdtemp(join(tmpdir(), 'countersign-braintrust-'));
  const format = formats.get('braintrust');
  const cases = [...hostile.values()].flatMap((text, i) => [
    stored(3 * i + 1, { kind: 'text', text }, { kind: 'text', text }),
    stored(3 * i + 2, { kind: 'messages', messages: [{ role: 'user', content: text }] }, json({ a: [text], b: 1 })),
    // Right is what an alternative says, or what the checks allow; the expected output itself is not looked for.
    stored(3 * i + 3, json({ [text]: text }), {
      kind: 'text',
      text: `not ${text}`,
      alternatives: [{ kind: 'text', text }],
    }),
  ]);
  count = cases.length;
  const target = { projectId: 1, datasetId: cases[0].id, dataset: 'hostile', snapshot: null, hash: null };
  const info = { ...target, at: 1, since: 0, format, caseCount: count };
  for (const { path, content } of format.files(info, new Map())) await writeFile(join(folder, path), content);
  await writeFile(join(folder, format.casesFile), cases.map((one) => `${format.encode(one, info).line}\n`).join(''));
  let manifest = '';
  for await (const piece of manifestOf(info, () => [cases])) manifest += piece;
  await writeFile(join(folder, 'manifest.json'), manifest);
});
after(() => rm(folder, { recursive: true, force: true }));

const json = (value) => ({ kind: 'json', value });

function stored(number, input, expected) {
  const id = `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const contentHash = `sha256:${String(number).padStart(64, '0')}`;
  const record = {
    schema: 'countersign.eval_case/1',
    id,
    revision: 1,
    content_hash: contentHash,
    input,
    expected,
    observed: { kind: 'text', text: 'no' },
    verdict: 'CORRECTED',
    assertions: [{ kind: expected.kind === 'text' ? 'exact' : 'json_equal' }],
    tags: ['a', 'a'],
    split: 'test',
    group_key: id,
    provenance: {},
  };
  return { id, revision: 1, contentHash, split: 'test', record: JSON.stringify(record) };
}

/** Runs `Eval()` with that application, then the gate; returns what it wrote, both exit codes and what was said. */
async function decide(application, { first = count } = {}) {
  const results = join(folder, `${application}-${first}.json`);
  const run = await program(fileURLToPath(new URL('braintrust.run.mjs', import.meta.url)), [
    folder,
    results,
    application,
    String(first),
  ]);
  const text = await readFile(results, 'utf8').catch(() => '{}');
  const gate = await program(cli, ['gate', '--manifest', folder, '--results', results]);
  return { run, gate, rows: JSON.parse(text).results ?? [], everything: `${run.said}\n${text}\n${gate.said}` };
}

/** The gate on results that are only our scorer's. */
async function gateOn(rows) {
  const results = join(folder, 'ours.json');
  await writeFile(results, JSON.stringify({ summary: { experimentName: 'ours' }, results: rows }));
  return program(cli, ['gate', '--manifest', folder, '--results', results]);
}

async function program(path, args) {
  const env = {
    PATH: process.env.PATH,
    COUNTERSIGN_CANARY: CANARY,
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    BRAINTRUST_APP_URL: 'http://127.0.0.1:9',
    BRAINTRUST_DISABLE_INSTRUMENTATION: '1',
  };
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { code, said };
}

void test('an application that is right passes every case', async () => {
  const { run, gate, rows, everything } = await decide('oracle');
  assert.equal(run.code, 0, everything.slice(-3_000));
  assert.equal(rows.length, count);
  for (const { scores, metadata } of rows) {
    assert.equal(scores['as signed'], 1);
    // autoevals' own knows no alternatives: such cases need our scorer.
    assert.equal(scores.ExactMatch, metadata.alternatives ? 0 : 1);
  }
  assert.equal(gate.code, 1);
  const ours = rows.map((row) => ({ ...row, scores: { 'as signed': row.scores['as signed'] } }));
  assert.equal((await gateOn(ours)).code, 0);
  assert.ok(!everything.includes(CANARY));
});

void test('an application that is wrong fails every case', async () => {
  const { gate, rows, everything } = await decide('wrong');
  assert.equal(gate.code, 1, everything.slice(-3_000));
  assert.equal(rows.length, count);
  for (const { scores } of rows) assert.equal(scores['as signed'], 0);
  assert.ok(!everything.includes(CANARY));
});

void test('an application that is down, and a run of some cases or none, are incomplete runs', async () => {
  assert.equal((await decide('broken')).gate.code, 3);
  const some = await decide('oracle', { first: 5 });
  assert.equal(some.gate.code, 3);
  assert.match(some.gate.said, /not tried/);
  assert.equal((await decide('oracle', { first: 0 })).gate.code, 3);
});
