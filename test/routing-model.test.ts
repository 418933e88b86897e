import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences } from './support/insight.js';
import { firstItems, steps } from './support/review-commands.js';
import { stuck } from './support/review-invariants.js';
import { type Real, ReviewModel } from './support/review-model.js';
import { claim, makeQueue } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

/** In CI; `MODEL_RUNS=20000 npx vitest run test/routing-model.test.ts` for a night. */
const RUNS = Number(process.env.MODEL_RUNS ?? 200);
/** In CI they end after a while, how many they may be; a night has all the time. */
const isBounded = process.env.MODEL_RUNS === undefined;
const MOST_MS = 60_000;
/** Runs that go on beside each other, each in queues of its own. */
const LANES = 2;

let service: TestService;
let key: string;
beforeAll(async () => {
  service = await startService({ config: { rateCostPerSecond: 1_000_000, rateBurst: 1_000_000 } });
  key = await service.key();
});
afterAll(() => service?.stop());

/** What two to four people and their managers do to the items of two queues. */
const run = fc.asyncProperty(
  fc.integer({ min: 2, max: 4 }),
  fc.integer({ min: 1, max: 3 }),
  firstItems,
  steps,
  async (people, reviewsRequired, first, commands) => {
    const actors = await Promise.all(Array.from({ length: people }, () => service.member({ role: Role.MANAGER })));
    const queues = await Promise.all([
      makeQueue(service, { reviewsRequired }),
      makeQueue(service, { reviewsRequired }),
    ]);
    for (const [i, onDeadline] of ['CONFIRM', 'REJECT'].entries()) {
      await service.sql(`UPDATE queue SET on_deadline = $2 WHERE id = $1`, [queues[i]!.id, onDeadline]);
    }
    const real: Real = { service, queues, actors, key };
    const model = new ReviewModel(reviewsRequired);
    for (const flag of first) await flag.run(model, real);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await expectClaimable(model, real);
  },
);

test(
  'whatever two to four people do, the service holds what a simple model of it says',
  async () => {
    const options = { numRuns: Math.ceil(RUNS / LANES), ...(isBounded && { interruptAfterTimeLimit: MOST_MS }) };
    await Promise.all(Array.from({ length: LANES }, () => fc.assert(run, options)));
    await service.app.get(Sequencer).runOnce();
    expect(await differences(service)).toEqual([]);
  },
  isBounded ? 3 * MOST_MS : 12 * 3_600_000,
);

/** Every free slot goes to somebody, or its item is one that nobody here may have. */
async function expectClaimable(model: ReviewModel, real: Real): Promise<void> {
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const [member, actor] of real.actors.entries()) {
      for (const { key: queue } of real.queues) {
        const { assignments } = await claim(real.service, actor, { queue, count: 10 });
        for (const held of assignments) {
          model.claimed(
            model.items.find((item) => item.id === held.item.id)!,
            member,
            held,
          );
          isMoving = true;
        }
      }
    }
  }
  const left = model.items.filter((item) => model.free(item) > 0).map((item) => item.id);
  expect(
    left.filter((id) => !stuck(model, real.actors.length).includes(id)).filter(() => !isFull(model, real)),
  ).toEqual([]);
}

/** Somebody who holds as much as they may is offered nothing. */
function isFull(model: ReviewModel, real: Real): boolean {
  return real.actors.some(
    (_, member) => model.leases.filter((one) => one.isLive && one.member === member).length >= 10,
  );
}
