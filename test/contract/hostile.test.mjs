import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { hostile } from './hostile.mjs';
import { CANARY, faultsOf, runPromptfoo } from './promptfoo.mjs';
import { openService, until } from './service.mjs';

/**
 * The whole way of a hostile text: flagged as input, output and context, signed or written by a reviewer, promoted,
 * exported, and run by the real promptfoo. What the application under test is given, and what it answers, must be byte
 * for byte what was sent at the beginning.
 */
let service;
let folder;
const sent = new Map();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-hostile-'));
  service = await openService({ COUNTERSIGN_CANARY: CANARY });
  const document = {
    queues: [{ key: 'hostile', name: 'Hostile' }],
    datasets: [{ key: 'hostile', name: 'Hostile', queues: ['hostile'] }],
  };
  await service.ask(service.key, `mutation($input: ApplySetupInput!) { applySetup(input: $input) { applied } }`, {
    input: { document },
  });
  await flagAll();
  await reviewAll();
  await until(60_000, 'the cases', async () => {
    const { dataset } = await service.ask(service.key, `{ dataset(key: "hostile") { caseCount } }`);
    return dataset.caseCount === sent.size;
  });
  const { code, output } = await service.run('export', 'hostile', '--format', 'promptfoo', '--out', folder);
  assert.equal(code, 0, output);
});

after(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function flagAll() {
  for (const [name, text] of hostile) {
    const shapes = {
      confirmed: { input: text, output: text, expected: text },
      corrected: { input: `${text}|`, output: 'plain and wrong', expected: text },
      messages: { input: [{ role: 'user', content: text }], output: text, expected: `${text}!` },
      structured: { input: { [text.slice(0, 100)]: [text] }, output: { a: text }, expected: { a: text, b: [text] } },
    };
    for (const [shape, { input, output, expected }] of Object.entries(shapes)) {
      const externalId = `${name} as ${shape}`;
      sent.set(externalId, { input, output, expected, text });
      await service.ask(service.key, `mutation($input: FlagOutputInput!) { flagOutput(input: $input) { decision } }`, {
        input: {
          externalId,
          queue: 'hostile',
          source: 'test',
          input,
          output,
          context: [text, { text }],
          metadata: { text },
        },
      });
    }
  }
}

async function reviewAll() {
  const token = await service.reviewer(`hostile ${Date.now()}`);
  for (;;) {
    const { claimNext } = await service.ask(
      token,
      `mutation { claimNext(input: { queue: "hostile", count: 10 }) {
         assignments { id leaseToken item { externalId input output context } } } }`,
    );
    if (claimNext.assignments.length === 0) return;
    for (const { id, leaseToken, item } of claimNext.assignments) {
      const { input, output, expected, text } = sent.get(item.externalId);
      assert.deepEqual([item.input, item.output, item.context], [input, output, [text, { text }]], item.externalId);
      const answer =
        JSON.stringify(expected) === JSON.stringify(output)
          ? { verdict: 'CONFIRMED' }
          : { verdict: 'CORRECTED', correctedOutput: expected };
      await service.ask(
        token,
        `mutation($input: SubmitReviewInput!) { submitReview(input: $input) { item { status } } }`,
        { input: { assignmentId: id, leaseToken, comment: text.slice(0, 1_000), ...answer } },
      );
    }
  }
}

const manifest = async () => JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

void test('an application that is right passes every case, and every text is what it was, byte for byte', async () => {
  const run = await runPromptfoo(folder, 'oracle');
  assert.deepEqual(faultsOf(run, await manifest(), true), []);
  assert.equal(run.seen.length, sent.size);
  for (const { prompt, case: seen, output } of run.seen) {
    const { external_id: externalId } = JSON.parse(seen.record_json).provenance;
    const { input, output: observed, expected, text } = sent.get(externalId);
    assert.equal(prompt, asText(input), `the prompt of ${externalId}`);
    assert.equal(seen.input, asText(input), externalId);
    assert.equal(seen.expected, asText(expected), externalId);
    assert.equal(seen.observed, asText(observed), externalId);
    assert.deepEqual(JSON.parse(seen.context_json), [text, { text }], externalId);
    assert.equal(output, asText(expected), externalId);
  }
});

void test('an application that is wrong fails every case', async () => {
  const run = await runPromptfoo(folder, 'wrong');
  assert.deepEqual(faultsOf(run, await manifest(), false), []);
});

void test('a prompt that says {{input}} gets the same texts from the export made for it', async () => {
  const out = join(folder, 'array');
  const { code, output } = await service.run('export', 'hostile', '--format', 'promptfoo-array', '--out', out);
  assert.equal(code, 0, output);
  const run = await runPromptfoo(out, 'oracle');
  assert.deepEqual(faultsOf(run, await manifest(), true), []);
  assert.equal(run.seen.length, sent.size);
  for (const { prompt, case: seen } of run.seen) {
    const { input } = sent.get(JSON.parse(seen.record_json).provenance.external_id);
    assert.equal(prompt, asText(input));
  }
});

void test('the canonical records hold the same texts', async () => {
  const out = join(folder, 'jsonl');
  const { code, output } = await service.run('export', 'hostile', '--format', 'jsonl', '--out', out);
  assert.equal(code, 0, output);
  const lines = (await readFile(join(out, 'cases.jsonl'), 'utf8')).split('\n').slice(0, -1);
  assert.equal(lines.length, sent.size);
  for (const line of lines) {
    const record = JSON.parse(line);
    const { input, output: observed, expected } = sent.get(record.provenance.external_id);
    const valueOf = ({ text, messages, value }) => text ?? messages ?? value;
    assert.deepEqual([record.input, record.observed, record.expected].map(valueOf), [input, observed, expected]);
  }
});
