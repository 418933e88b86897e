import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { faultsOf, runPromptfoo } from './promptfoo.mjs';
import { openService, until } from './service.mjs';
import { CutOffSubscriber } from './stream.mjs';

/**
 * The whole loop on real input: flag a file of answers that people have marked, let many reviewers who die now and then
 * answer them as the file's labels say, follow their reviews over a connection that is cut every second, and run the
 * exported cases in the real promptfoo. Ends with 1 on any deviation.
 */
const HELP = `node test/contract/halueval.mjs FILE.jsonl [--clients 20] [--dying 0.1] [--lease 5]

Each line: ID (empty or repeated ones are replaced by the line's number), user_query, chatgpt_response, hallucination ("yes" or "no"), hallucination_spans.
A "no" is confirmed. A "yes" is corrected, or every second time rejected with the correction.
The signals that the flagging side computes from the text: hedging, numbers, refusal, overlap.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    clients: { type: 'string', default: '20' },
    dying: { type: 'string', default: '0.1' },
    lease: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
const [file] = positionals;
if (!file || values.help) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const clients = Number(values.clients);
const dying = Number(values.dying);
const table = [];
const faults = [];
let deaths = 0;
let lostLeases = 0;
const acknowledged = new Map();

const folder = await mkdtemp(join(tmpdir(), 'countersign-halueval-'));
const copy = join(folder, 'answers.jsonl');
const answers = await prepare(file);
const service = await openService();
try {
  await setUp();
  await flagTwice();
  const subscriber = new CutOffSubscriber(service.url, service.key, 'halueval', 1_000);
  await subscriber.start();
  await review();
  await checkReviews(subscriber);
  await exportAndRun();
  if (service.dataDir) await verifyLog();
} catch (error) {
  faults.push(error.stack);
} finally {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}
console.table(table);
console.log(faults.length === 0 ? 'OK: everything arrived, once.' : `FAILED:\n${faults.join('\n')}`);
process.exit(faults.length === 0 ? 0 : 1);

/** Writes a copy of the file in which every line has an id of its own, and returns what reviewers will say, by that id. */
async function prepare(path) {
  const found = new Map();
  const out = createWriteStream(copy);
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (!text) continue;
    number += 1;
    const line = JSON.parse(text);
    const externalId = line.ID && !found.has(line.ID) ? line.ID : `line ${number}`;
    out.write(`${JSON.stringify({ externalId, ...line })}\n`);
    if (line.hallucination === 'no') found.set(externalId, { verdict: 'CONFIRMED' });
    else {
      const verdict = number % 2 === 0 ? 'CORRECTED' : 'REJECTED';
      found.set(externalId, { verdict, correctedOutput: correct(line.chatgpt_response, line.hallucination_spans) });
    }
  }
  await new Promise((resolve) => out.end(resolve));
  if (found.size !== number) faults.push(`${number} lines have only ${found.size} ids`);
  return found;
}

/** Not a truth, but made of the people's marks: what they found at fault is taken out, and said to be. */
function correct(output, spans) {
  const without = spans.filter(Boolean).reduce((text, span) => text.replaceAll(span, '[…]'), output);
  return `${without}\n(Corrected: ${spans.length} passages were not supported.)`;
}

async function setUp() {
  const document = {
    queues: [{ key: 'halueval', name: 'HaluEval', leaseSeconds: Number(values.lease) }],
    datasets: [{ key: 'halueval', name: 'HaluEval', queues: ['halueval'] }],
  };
  await service.ask(service.key, `mutation($input: ApplySetupInput!) { applySetup(input: $input) { applied } }`, {
    input: { document },
  });
}

async function flagTwice() {
  const map = ['externalId=$.externalId', 'input=$.user_query', 'output=$.chatgpt_response', 'source=:halueval'];
  const args = ['flag', copy, '--queue', 'halueval', ...map.flatMap((entry) => ['--map', entry])];
  const signals = ['hedging', 'numbers', 'refusal', 'overlap'].flatMap((name) => ['--signal', `${name}=${name}`]);
  for (const round of ['first run', 'second run']) {
    const started = Date.now();
    const { code, output } = await service.run(...args, ...signals);
    expect(code === 0, `flag, ${round}: exit code ${code}: ${output.slice(-1_000)}`);
    const stored = await count('{ queue: "halueval" }');
    row(`flagged, ${round}`, stored, answers.size, started);
  }
}

async function review() {
  const started = Date.now();
  const tokens = await Promise.all(Array.from({ length: clients }, (_, i) => service.reviewer(`halueval ${i}`)));
  await Promise.all(tokens.map(work));
  row('reviewed and acknowledged', acknowledged.size, answers.size, started);
  table.push({ step: 'deaths in the middle of a lease', found: deaths, wanted: '> 0', seconds: '' });
  table.push({ step: 'leases found lost on submit', found: lostLeases, wanted: 'any', seconds: '' });
  expect(dying === 0 || deaths > 0, 'nobody died, so the test proves less than it should');
}

/** Claims and answers until everything is resolved; now and then it dies with what it holds. */
async function work(token) {
  for (;;) {
    const { claimNext } = await service.ask(
      token,
      `mutation { claimNext(input: { queue: "halueval", count: 3 }) {
         emptyReason assignments { id leaseToken item { externalId } } } }`,
    );
    if (claimNext.assignments.length === 0) {
      if (claimNext.emptyReason === 'NOTHING_OPEN') return;
      await sleep(200);
      continue;
    }
    for (const { id, leaseToken, item } of claimNext.assignments) {
      if (Math.random() < dying) {
        deaths += 1;
        break;
      }
      await submit(token, { assignmentId: id, leaseToken }, item.externalId);
    }
  }
}

async function submit(token, lease, externalId) {
  const mutation = `mutation($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } } }`;
  try {
    const { submitReview } = await service.ask(token, mutation, { input: { ...lease, ...answers.get(externalId) } });
    expect(!acknowledged.has(externalId), `${externalId} was reviewed twice`);
    acknowledged.set(externalId, submitReview.review.id);
  } catch (error) {
    if (error.code !== 'LEASE_LOST') throw error;
    lostLeases += 1;
  }
}

async function checkReviews(subscriber) {
  const started = Date.now();
  await until(60_000, 'the stream', () => subscriber.reviews.length >= answers.size).catch((error) =>
    faults.push(error.message),
  );
  // Long enough for a repeat to show.
  await sleep(2_500);
  await subscriber.stop();
  const ids = subscriber.reviews.map(({ id }) => id);
  row('reviews that the stream brought', ids.length, answers.size, started);
  row('of these different', new Set(ids).size, answers.size, started);
  expect(subscriber.cuts > 0, 'the stream was never cut');
  table.push({ step: 'times that the stream was cut', found: subscriber.cuts, wanted: '> 0', seconds: '' });
  const missing = [...acknowledged.values()].filter((id) => !ids.includes(id)).length;
  expect(missing === 0, `${missing} acknowledged reviews did not arrive`);
  row('items resolved', await count('{ queue: "halueval", status: [RESOLVED] }'), answers.size, started);
}

async function exportAndRun() {
  let started = Date.now();
  await until(120_000, 'the eval cases', async () => (await caseCount()) >= answers.size);
  row('eval cases', await caseCount(), answers.size, started);
  const { createSnapshot } = await service.ask(
    service.key,
    `mutation { createSnapshot(input: { dataset: "halueval" }) { snapshot { version hash } } }`,
  );
  started = Date.now();
  const { version, hash } = createSnapshot.snapshot;
  const args = ['export', 'halueval', '--format', 'promptfoo', '--out', folder, '--snapshot', String(version)];
  const { code, output } = await service.run(...args);
  expect(code === 0, `export: exit code ${code}: ${output}`);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  row('cases exported', manifest.count, answers.size, started);
  expect(manifest.dataset_hash === hash, 'the export has another hash than its snapshot');
  for (const provider of ['oracle', 'wrong']) {
    started = Date.now();
    const run = await runPromptfoo(folder, provider);
    const mustPass = provider === 'oracle';
    faults.push(...faultsOf(run, manifest, mustPass).map((fault) => `promptfoo, ${provider}: ${fault}`));
    row(`promptfoo, ${provider}: passed`, run.stats?.successes, mustPass ? answers.size : 0, started);
    row(`promptfoo, ${provider}: failed`, run.stats?.failures, mustPass ? 0 : answers.size, started);
  }
}

async function verifyLog() {
  const { code, output } = await service.run('verify-log');
  expect(code === 0, `verify-log: exit code ${code}: ${output}`);
  table.push({ step: 'verify-log', found: output.trim().split(',')[0], wanted: 'ok', seconds: '' });
}

async function count(filter) {
  const { items } = await service.ask(service.key, `{ items(filter: ${filter}, first: 1) { totalCount } }`);
  return items.totalCount;
}

async function caseCount() {
  const { dataset } = await service.ask(service.key, `{ dataset(key: "halueval") { caseCount } }`);
  return dataset.caseCount;
}

function row(step, found, wanted, started) {
  const seconds = ((Date.now() - started) / 1_000).toFixed(1);
  table.push({ step, found, wanted, seconds });
  console.log(`${step}: ${found} of ${wanted} (${seconds} s)`);
  expect(found === wanted, `${step}: ${found}, not ${wanted}`);
}

function expect(isSo, text) {
  if (!isSo) faults.push(text);
}
