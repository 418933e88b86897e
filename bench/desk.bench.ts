import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { launch } from '../test/support/chromium.js';
import { faultsIn } from './support/desk-check.js';
import type { CrowdOrder, CrowdReport } from './support/desk-crowd.js';
import { DeskKeyboard } from './support/desk-keyboard.js';
import { freePort, must, printed, startProcess } from './support/service.js';

/**
 * Two hundred items reviewed in a real browser, wholly by keyboard: how long from the key that hands an answer in until
 * the next item is painted, alone and while fifty others review too; then as fast as keys can be pressed. Afterwards:
 * nothing lost, nothing answered twice, nothing left open or leased. Exits 1 when the 95th percentile beside the others
 * is not under the limit, or anything is wrong.
 *
 *   npm run build && npm run bench -- desk --items 200 --others 50 --every 5000 --think 500 --limit 150
 *
 * On the embedded database, or on a new one on the server of DATABASE_URL, which is dropped at the end. Times are in ms; `every` is how long
 * each of the others takes for an item, `think` how long the person in the browser looks at one. The browser, the others
 * and the service share this machine: with few cores each is slowed by the rest.
 */
const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '200' },
    others: { type: 'string', default: '50' },
    every: { type: 'string', default: '5000' },
    think: { type: 'string', default: '500' },
    limit: { type: 'string', default: '150' },
  },
});
const [items, others, everyMs, thinkMs, limitMs] = [
  values.items,
  values.others,
  values.every,
  values.think,
  values.limit,
].map(Number) as [number, number, number, number, number];
const QUEUE = 'desk';
/** So many wait at any time. */
const STOCK = 150;

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-desk-'));
// For root the service runs PostgreSQL as another account, which has to get in.
chmodSync(dataDir, 0o755);
const server = process.env.DATABASE_URL;
const admin = server ? new pg.Client(server) : null;
const name = `countersign_bench_${randomBytes(4).toString('hex')}`;
await admin?.connect();
await admin?.query(`CREATE DATABASE ${name}`);
const service = await startProcess({
  dataDir,
  port: await freePort(),
  env: {
    ...(server && { DATABASE_URL: Object.assign(new URL(server), { pathname: `/${name}` }).href }),
    COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
    COUNTERSIGN_LOG_LEVEL: 'error',
  },
});
const key = printed(service.output(), 'csk');
const owner = printed(service.output(), 'cst');
let flagged = 0;
let isFeeding = true;
const browser = await launch();
let faults: string[];

try {
  await setUp();
  await feedOnce();
  const feeding = feed();
  const desk = await DeskKeyboard.sitDown(browser, service.url, await makeReviewer('keyboard'));
  const alone = await measure(desk, `alone, ${thinkMs} ms an item`, thinkMs);
  const crowd = await gather();
  const beside = await measure(
    desk,
    `beside ${others} others, each an item every ${everyMs / 1_000} s`,
    thinkMs,
    crowd,
  );
  await measure(desk, `beside them, as fast as keys are pressed`, 0, crowd);
  console.log(`p95 beside the others / alone: ${(beside / alone).toFixed(2)}; limit ${limitMs} ms`);
  isFeeding = false;
  await feeding;
  const report = await crowd.end();
  await desk.finishTheRest();
  await desk.leave();
  faults = await faultsIn({ url: service.url, key, queue: QUEUE, flagged, answers: desk.answers, crowd: report });
  if (!(beside < limitMs)) faults.push(`the next item came after ${beside.toFixed(0)} ms (p95), not under ${limitMs}`);
} finally {
  isFeeding = false;
  await browser.close();
  await service.kill('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
  await admin?.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin?.end();
}
console.log(faults.length === 0 ? 'As promised.' : `FAILED:\n${faults.join('\n')}`);
process.exit(faults.length === 0 ? 0 : 1);

interface Crowd {
  count(): Promise<number>;
  end(): Promise<CrowdReport>;
}

/** Returns the 95th percentile. */
async function measure(desk: DeskKeyboard, what: string, think: number, crowd?: Crowd): Promise<number> {
  const before = await crowd?.count();
  const startedAt = performance.now();
  const came = await desk.review(items, think);
  const times = came.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const waited = came.filter((one) => one.waited).length;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (times.length !== items) throw new Error(`${times.length} next items were seen painted, of ${items}`);
  const at = (share: number) => times[Math.min(items - 1, Math.floor(items * share))]!;
  const rate = crowd ? `; the others answered ${(((await crowd.count()) - before!) / seconds).toFixed(1)}/s` : '';
  console.log(
    `${what}: ${items} items in ${seconds.toFixed(1)} s, ${Math.round((items / seconds) * 3_600)} an hour; ` +
      `submit to next item painted p50 ${at(0.5).toFixed(0)}, p95 ${at(0.95).toFixed(0)}, max ${at(1).toFixed(0)} ms, ${waited} not ready${rate} ` +
      `(load ${loadavg()[0]!.toFixed(1)})`,
  );
  return at(0.95);
}

async function setUp(): Promise<void> {
  const options = [
    { value: 'none', label: 'Nothing' },
    { value: 'fact', label: 'A fact' },
  ];
  const failure = { name: 'failure', type: 'CHOICE', label: 'What was wrong?', required: true, options };
  const queue = { key: QUEUE, name: 'Desk', instructions: 'Is it true?', leaseSeconds: 600, rubric: [failure] };
  await must(service.url, key, `mutation ($input: ApplySetupInput!) { applySetup(input: $input) { hash } }`, {
    input: { document: { queues: [queue] } },
  });
}

async function makeReviewer(name: string): Promise<string> {
  const { createMember } = await must(
    service.url,
    owner,
    `mutation ($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
    { input: { name, role: 'REVIEWER' } },
  );
  const { createPersonalToken } = await must(
    service.url,
    owner,
    `mutation ($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
    { input: { memberId: createMember.member.id, name: 'desk' } },
  );
  return createPersonalToken.token as string;
}

async function gather(): Promise<Crowd> {
  const tokens: string[] = [];
  for (let i = 0; i < others; i += 1) tokens.push(await makeReviewer(`other ${i}`));
  const child = fork(new URL('support/desk-crowd.js', import.meta.url));
  child.send({ url: service.url, queue: QUEUE, tokens, everyMs } satisfies CrowdOrder);
  const crowd: Crowd = {
    async count() {
      child.send('count');
      return (await once(child, 'message'))[0] as number;
    },
    async end() {
      child.send('stop');
      return (await once(child, 'message'))[0] as CrowdReport;
    },
  };
  // All have arrived and are in their stride.
  while ((await crowd.count()) < others) await pause(200);
  return crowd;
}

/** Apps go on flagging while people review. */
async function feed(): Promise<void> {
  for (; isFeeding; await pause(250)) await feedOnce();
}

async function feedOnce(): Promise<void> {
  const { queue } = await must(service.url, key, `{ queue(key: "${QUEUE}") { stats { open } } }`);
  const missing = STOCK - (queue.stats.open as number);
  if (missing <= 0) return;
  const inputs = Array.from({ length: missing }, () => makeOutput(flagged++));
  const FLAG = `mutation ($inputs: [FlagOutputInput!]!) { flagOutputs(inputs: $inputs) { rows { error { code } } } }`;
  const { flagOutputs } = await must(service.url, key, FLAG, { inputs });
  const failed = flagOutputs.rows.find((row: { error: unknown }) => row.error);
  if (failed) throw new Error(JSON.stringify(failed));
}

/** A support answer with what it rests on; every second one is a record instead of a text. */
function makeOutput(i: number) {
  const sentence = `A customer of the shop asked number ${i} about kettles, sieves and how long they may be kept. `;
  return {
    externalId: `desk-${String(i).padStart(6, '0')}`,
    queue: QUEUE,
    source: 'bench',
    model: { name: 'writer', version: '3' },
    input: sentence.repeat(3),
    output: i % 2 === 0 ? sentence.repeat(8) : { answer: sentence.repeat(5), refund: { cents: i, currency: 'EUR' } },
    context: [sentence.repeat(6), { source: 'handbook', page: i, text: sentence.repeat(3) }],
    confidence: 0.4,
    risk: 'HIGH',
    reasons: ['low confidence'],
    signals: [{ name: 'length', value: i }],
    tags: ['bench'],
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
