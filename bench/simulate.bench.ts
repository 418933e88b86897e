import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ask, freePort, must, printed, startProcess } from './support/service.js';
import { type Reviewer, SimulatedReviewer } from './support/simulated-reviewer.js';
import { Judge } from './support/simulation-judge.js';

/**
 * A floor full of reviewers with mixed skills and capacities, who are given work as it comes; some close the laptop with
 * items in hand, some items are overdue, some were written by one of the reviewers. Afterwards: was everything answered,
 * was anybody ever given too much, what they may not have, or one thing twice, and was the order of urgency kept as far as
 * people who work at once can keep it? Exits 1 on any deviation.
 *
 *   npm run bench -- simulate --items 5000 --reviewers 200 --think 200 --deaths 0.01
 */
const { values } = parseArgs({
  options: {
    items: { type: 'string', default: '5000' },
    reviewers: { type: 'string', default: '200' },
    think: { type: 'string', default: '200' },
    deaths: { type: 'string', default: '0.01' },
    lease: { type: 'string', default: '15' },
  },
});
const items = Number(values.items);
const SKILLS = ['french', 'law', 'medicine'];

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-simulation-'));
// For root the service runs PostgreSQL as another account, which has to get in.
chmodSync(dataDir, 0o755);
const env = { COUNTERSIGN_RATE_COST_PER_SECOND: '1000000', COUNTERSIGN_RATE_BURST: '1000000' };
const service = await startProcess({ dataDir, port: await freePort(), env });
const key = printed(service.output(), 'csk');
const admin = printed(service.output(), 'cst');

const queue = (name: string, more: object = {}) => ({ key: name, name, leaseSeconds: Number(values.lease), ...more });
const queues = [
  queue('plain'),
  queue('pair', { reviewsRequired: 2 }),
  ...SKILLS.map((skill) => queue(skill, { skills: [skill] })),
  // Nobody on the floor has this skill; what is overdue is widened to all.
  queue('rare', { skills: ['rare'], deadlineSteps: [{ afterSeconds: 0, action: 'WIDEN' }] }),
];
await must(service.url, key, `mutation ($input: ApplySetupInput!) { applySetup(input: $input) { hash } }`, {
  input: { document: { queues } },
});
const reviewers: Reviewer[] = [];
for (let i = 0; i < Number(values.reviewers); i += 1) reviewers.push(await makeReviewer(i));
const judge = new Judge(queues, reviewers);
await flagAll();

const floor = reviewers.map(
  (one) =>
    new SimulatedReviewer(service.url, one, judge, {
      thinkMs: Number(values.think),
      deathShare: Number(values.deaths),
    }),
);
const started = Date.now();
for (const one of floor) one.arrive();
const isDone = await untilAnswered();
const seconds = (Date.now() - started) / 1_000;
await Promise.all(floor.map((one) => one.stop()));
const found = judge.verdict(isDone ? 0 : await waiting());
await service.kill('SIGTERM');
rmSync(dataDir, { recursive: true, force: true });

console.log(`${items} items, ${reviewers.length} reviewers, ${seconds.toFixed(1)} s: ${judge.summary()}`);
console.log(JSON.stringify(found));
const isBroken = Object.values(found).some((count) => count > 0);
console.log(isBroken ? 'BROKEN' : 'As promised.');
process.exit(isBroken ? 1 : 0);

async function makeReviewer(i: number): Promise<Reviewer> {
  const name = `reviewer ${i}`;
  const skills = SKILLS.filter((_, n) => i % (n + 2) === 0);
  const capacity = 1 + (i % 4);
  const { createMember } = await must(
    service.url,
    admin,
    `mutation ($input: CreateMemberInput!) { createMember(input: $input) { member { id } } }`,
    { input: { name, role: 'REVIEWER', skills } },
  );
  const memberId = createMember.member.id as string;
  const UPDATE = `mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { id } } }`;
  await must(service.url, admin, UPDATE, { input: { memberId, capacity } });
  const { createPersonalToken } = await must(
    service.url,
    admin,
    `mutation ($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token } }`,
    { input: { memberId, name: 'simulation' } },
  );
  return { name, memberId, skills, capacity, token: createPersonalToken.token as string };
}

async function flagAll(): Promise<void> {
  for (let from = 0; from < items; from += 1_000) {
    const inputs = Array.from({ length: Math.min(1_000, items - from) }, (_, i) => judge.item(from + i));
    const { flagOutputs } = await must(
      service.url,
      key,
      `mutation ($inputs: [FlagOutputInput!]!) { flagOutputs(inputs: $inputs) { rows { error { code message } } } }`,
      { inputs },
    );
    const failed = flagOutputs.rows.find((row: { error: unknown }) => row.error);
    if (failed) throw new Error(JSON.stringify(failed));
  }
}

async function waiting(): Promise<number> {
  const { data } = await ask(service.url, key, `{ queues { stats { open } } }`);
  return (data?.queues ?? [{ stats: { open: 1 } }]).reduce(
    (sum: number, one: any) => sum + one.stats.open,
    0,
  ) as number;
}

/** False when nothing was answered for a minute: then something starves. */
async function untilAnswered(): Promise<boolean> {
  for (;;) {
    const left = await waiting();
    if (left === 0) return true;
    if (judge.idleSeconds() > 60 + Number(values.lease)) return false;
    console.log(`${left} items wait; ${judge.summary()}`);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}
