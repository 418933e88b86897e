import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { reviewInChaos } from './support/leases.js';
import { ask, freePort, must, printed, startProcess } from './support/service.js';

/**
 * Many reviewers on many tickets with short leases, some of whom die or come back too late; then: was any slot
 * reviewed twice, has any item more than its reviews, is anything lost? Exits 1 on any deviation.
 *
 *   npm run bench -- chaos-leases --items 10000 --reviews 1 --clients 32 --lease 1 --deaths 0.1
 */
const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '10000' },
    reviews: { type: 'string', default: '1' },
    clients: { type: 'string', default: '32' },
    lease: { type: 'string', default: '1' },
    deaths: { type: 'string', default: '0.1' },
  },
});
const items = Number(values.items);
const reviews = Number(values.reviews);
const leaseSeconds = Number(values.lease);

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
// For root the service runs PostgreSQL as another account, which has to get in.
chmodSync(dataDir, 0o755);
const service = await startProcess({ dataDir, port: await freePort() });
const key = printed(service.output(), 'csk');
const admin = printed(service.output(), 'cst');

await must(service.url, key, `mutation ($input: ApplySetupInput!) { applySetup(input: $input) { changes { key } } }`, {
  input: {
    document: { queues: [{ key: 'chaos', name: 'Chaos', leaseSeconds, reviewsRequired: reviews, rubric: [] }] },
  },
});
const tokens: string[] = [];
for (let i = 0; i < Number(values.clients); i++) tokens.push(await makeReviewer(i));
await flagAll();

const started = Date.now();
const shown = setInterval(() => void progress(), 2_000);
const { acknowledged, counts } = await reviewInChaos({
  ask: (token, query, variables) => ask(service.url, token, query, variables),
  tokens,
  queue: 'chaos',
  leaseMs: leaseSeconds * 1_000,
  deathShare: Number(values.deaths),
  isDone: async () => (await waiting()) === 0,
});
clearInterval(shown);
const seconds = (Date.now() - started) / 1_000;
const found = await check();
await service.kill('SIGTERM');
rmSync(dataDir, { recursive: true, force: true });

console.log(`${items} items, ${items * reviews} reviews in ${seconds.toFixed(1)} s; ${JSON.stringify(counts)}`);
console.log(`reviewed twice ${found.twice}, over N ${found.over}, lost ${found.lost}`);
process.exit(found.twice + found.over + found.lost === 0 ? 0 : 1);

async function makeReviewer(i: number): Promise<string> {
  const { createMember } = await must(
    service.url,
    admin,
    `mutation ($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
    { input: { name: `reviewer ${i}`, role: 'REVIEWER' } },
  );
  const { createPersonalToken } = await must(
    service.url,
    admin,
    `mutation ($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
    { input: { memberId: createMember.member.id, name: 'chaos' } },
  );
  return createPersonalToken.token as string;
}

async function flagAll(): Promise<void> {
  for (let from = 0; from < items; from += 1_000) {
    const inputs = Array.from({ length: Math.min(1_000, items - from) }, (_, i) => {
      return { externalId: `e${from + i}`, queue: 'chaos', source: 'chaos', input: `in ${from + i}`, output: 'out' };
    });
    await must(
      service.url,
      key,
      `mutation ($inputs: [FlagOutputInput!]!) { flagOutputs(inputs: $inputs) { rows { error { code } } } }`,
      { inputs },
    );
  }
}

/** Items that are not resolved yet, as the newest page of those shows them. */
async function waiting(): Promise<number> {
  const { items: open } = await must(
    service.url,
    key,
    `{ items(filter: { status: [OPEN, IN_REVIEW, NEEDS_ADJUDICATION] }, first: 1) { edges { node { id } } } }`,
  );
  return open.edges.length as number;
}

async function progress(): Promise<void> {
  const { queue } = await must(service.url, key, `{ queue(key: "chaos") { stats { open leased resolved } } }`);
  console.log(JSON.stringify(queue.stats));
}

async function check(): Promise<{ twice: number; over: number; lost: number }> {
  const stored = new Set<string>();
  const result = { twice: 0, over: 0, lost: 0 };
  let seen = 0;
  for (let after: string | null = null; ;) {
    const page: Record<string, any> = await must(
      service.url,
      key,
      `query ($after: Cursor) { items(first: 100, after: $after) {
         edges { node { status reviews { id reviewer { id } } } } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    for (const { node } of page.items.edges) {
      const given = node.reviews as { id: string; reviewer: { id: string } }[];
      seen += 1;
      for (const { id } of given) stored.add(id);
      if (new Set(given.map((review) => review.reviewer.id)).size < given.length) result.twice += 1;
      if (given.length > reviews) result.over += 1;
      if (node.status !== 'RESOLVED' || given.length < reviews) result.lost += 1;
    }
    if (!page.items.pageInfo.hasNextPage) break;
    after = page.items.pageInfo.endCursor as string;
  }
  result.lost += items - seen;
  for (const id of acknowledged.keys()) if (!stored.has(id)) result.lost += 1;
  return result;
}
