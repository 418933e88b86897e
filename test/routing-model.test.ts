import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences } from './support/insight.js';
import { steps } from './support/review-commands.js';
import { stuck } from './support/review-invariants.js';
import { type Real, ReviewModel } from './support/review-model.js';
import { claim, makeQueue } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

/** 30 runs in CI; `MODEL_RUNS=20000 npx vitest run test/routing-model.test.ts` for a night. */
const RUNS = Number(process.env.MODEL_RUNS ?? 30);

let service: TestService;
let key: string;
beforeAll(async () => {
  service = await startService({ config: { rateCostPerSecond: 1_000_000, rateBurst: 1_000_000 } });
  key = await service.key();
});
afterAll(() => service?.stop());

test(
  'whatever two to four people do, the service holds what a simple model of it says',
  async () => {
    const isBounded = process.env.MODEL_RUNS === undefined;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        steps,
        async (people, reviewsRequired, commands) => {
          const actors = await Promise.all(
            Array.from({ length: people }, () => service.member({ role: Role.MANAGER })),
          );
          const real: Real = { service, queue: await makeQueue(service, { reviewsRequired }), actors, key };
          const model = new ReviewModel(reviewsRequired);
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await expectClaimable(model, real);
        },
      ),
      { numRuns: RUNS, ...(isBounded && { interruptAfterTimeLimit: 20_000 }) },
    );
    await service.app.get(Sequencer).runOnce();
    expect(await differences(service)).toEqual([]);
  },
  process.env.MODEL_RUNS === undefined ? 60_000 : 12 * 3_600_000,
);

/** Every free slot goes to somebody, or its item is one that nobody here may have. */
async function expectClaimable(model: ReviewModel, real: Real): Promise<void> {
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (const [member, actor] of real.actors.entries()) {
      const { assignments } = await claim(real.service, actor, { queue: real.queue.key, count: 10 });
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
