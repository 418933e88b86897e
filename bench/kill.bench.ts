import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ask, freePort, must, printed, type ServiceProcess, startProcess } from './support/service.js';

/**
 * `kill -9` of the service, again and again, under flag and submit load; then: is every acknowledged row there, once?
 *
 * The ledger is kept here, outside the service: what was sent, and what was acknowledged. A call without an answer has
 * an unknown outcome and is sent again with the same id, as an app would. Exits 1 on any deviation.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    flaggers: { type: 'string', default: '8' },
    reviewers: { type: 'string', default: '8' },
  },
});
const rounds = Number(values.rounds);
const dataDir = mkdtempSync(join(tmpdir(), 'countersign-kill-'));
// As root, PostgreSQL runs as another user, who has to get in.
chmodSync(dataDir, 0o755);
const port = await freePort();

const acknowledgedFlags = new Map<string, string>();
const acknowledgedReviews = new Map<string, string>();
const counts = { unanswered: 0, refused: new Map<string, number>() };
let isRunning = true;
let service: ServiceProcess = await startProcess({ dataDir, port });
const key = printed(service.output(), 'csk');
const admin = printed(service.output(), 'cst');

await setUp();
const reviewers = await Promise.all(Array.from({ length: Number(values.reviewers) }, (_, i) => makeReviewer(i)));
const load = [...Array.from({ length: Number(values.flaggers) }, (_, i) => flagOn(i)), ...reviewers.map(reviewOn)];

for (let round = 1; round <= rounds; round++) {
  await sleep(500 + Math.random() * 1_500);
  await service.kill('SIGKILL');
  const started = Date.now();
  service = await startProcess({ dataDir, port });
  console.log(
    `kill ${round}/${rounds}: ready again after ${Date.now() - started} ms; acknowledged so far: ` +
      `${acknowledgedFlags.size} flags, ${acknowledgedReviews.size} reviews`,
  );
}
await sleep(1_000);
isRunning = false;
await Promise.all(load);
const faults = await check();
const verified = spawnSync(process.execPath, ['bin/countersign.mjs', 'verify-log'], {
  env: { ...process.env, COUNTERSIGN_DATA_DIR: dataDir },
  encoding: 'utf8',
});
await service.kill('SIGTERM');
console.log((verified.stdout + verified.stderr).trim());
if (verified.status !== 0) faults.push(`verify-log ended with ${verified.status}`);
rmSync(dataDir, { recursive: true, force: true });
console.log(`calls without an answer: ${counts.unanswered}; refusals: ${JSON.stringify([...counts.refused])}`);
console.log(faults.length === 0 ? 'OK: nothing lost, nothing doubled' : `FAILED:\n${faults.join('\n')}`);
process.exit(faults.length === 0 ? 0 : 1);

async function setUp(): Promise<void> {
  await must(service.url, key, `mutation($input: ApplySetupInput!) { applySetup(input: $input) { changes { key } } }`, {
    input: { document: { queues: [{ key: 'kill', name: 'Kill', leaseSeconds: 5, rubric: [] }] } },
  });
}

async function makeReviewer(i: number): Promise<string> {
  const { createMember } = await must(
    service.url,
    admin,
    `mutation($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
    { input: { name: `reviewer ${i}`, role: 'REVIEWER' } },
  );
  const { createPersonalToken } = await must(
    service.url,
    admin,
    `mutation($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
    { input: { memberId: createMember.member.id, name: 'kill' } },
  );
  return createPersonalToken.token as string;
}

/** Sends until answered: an unknown outcome is asked again with the same ids. */
async function insist(token: string, query: string, variables: object): Promise<Record<string, any> | null> {
  while (isRunning) {
    try {
      const answer = await ask(service.url, token, query, variables);
      const code = answer.errors?.[0]?.extensions?.code;
      if (code) counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
      if (code === 'OVERLOADED' || code === 'RATE_LIMITED' || code === 'INTERNAL') {
        await sleep(50);
        continue;
      }
      return answer.data ?? null;
    } catch {
      counts.unanswered += 1;
      await sleep(50);
    }
  }
  return null;
}

async function flagOn(worker: number): Promise<void> {
  for (let i = 0; isRunning; i++) {
    const externalId = `w${worker}-${i}`;
    const data = await insist(key, `mutation($input: FlagOutputInput!) { flagOutput(input: $input) { item { id } } }`, {
      input: { externalId, queue: 'kill', source: 'kill', input: `in ${externalId}`, output: `out ${externalId}` },
    });
    const id = data?.flagOutput?.item?.id as string | undefined;
    if (id) acknowledgedFlags.set(externalId, id);
    await sleep(5);
  }
}

async function reviewOn(token: string): Promise<void> {
  while (isRunning) {
    const claimed = await insist(
      token,
      `mutation { claimNext(input: { queue: "kill" }) { assignments { id leaseToken item { id } } } }`,
      {},
    );
    const assignment = claimed?.claimNext?.assignments?.[0];
    if (!assignment) {
      await sleep(50);
      continue;
    }
    const submitted = await insist(
      token,
      `mutation($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } } }`,
      { input: { assignmentId: assignment.id, leaseToken: assignment.leaseToken, verdict: 'CONFIRMED' } },
    );
    const reviewId = submitted?.submitReview?.review?.id as string | undefined;
    if (reviewId) acknowledgedReviews.set(reviewId, assignment.item.id as string);
  }
}

async function check(): Promise<string[]> {
  const found: string[] = [];
  const items = new Map<string, { id: string; reviews: { id: string }[] }>();
  let after: string | null = null;
  for (;;) {
    const page: Record<string, any> = await must(
      service.url,
      key,
      `query($after: Cursor) { items(first: 100, after: $after) {
         edges { node { id externalId reviews { id } } } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    for (const { node } of page.items.edges) {
      if (items.has(node.externalId)) found.push(`item ${node.externalId} is there twice`);
      items.set(node.externalId, node);
    }
    if (!page.items.pageInfo.hasNextPage) break;
    after = page.items.pageInfo.endCursor as string;
  }
  const reviews = new Set([...items.values()].flatMap((item) => item.reviews.map((review) => review.id)));
  for (const [externalId, id] of acknowledgedFlags) {
    if (items.get(externalId)?.id !== id) found.push(`acknowledged flag ${externalId} is lost`);
  }
  for (const [reviewId, itemId] of acknowledgedReviews) {
    if (!reviews.has(reviewId)) found.push(`acknowledged review ${reviewId} of ${itemId} is lost`);
  }
  for (const item of items.values()) {
    if (item.reviews.length > 1) found.push(`item ${item.id} has ${item.reviews.length} reviews`);
  }
  console.log(`items ${items.size}, reviews ${reviews.size}`);
  return found;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
