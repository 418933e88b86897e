import 'reflect-metadata';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences } from './support/insight.js';
import { firstItems, steps } from './support/review-commands.js';
import { stuck } from './support/review-invariants.js';
import { ruleOf } from './support/review-further-commands.js';
import { type ModelItem, type Real, ReviewModel } from './support/review-model.js';
import { makeQueues } from './support/review-queues.js';
import { claim } from './support/reviewing.js';
import { patient } from './support/patient.js';
import { startService, type TestService } from './support/service.js';

/** In CI; `MODEL_RUNS=20000 npx vitest run test/routing-model.test.ts` for a night. */
const RUNS = Number(process.env.MODEL_RUNS ?? 200);
/** Many times what a run takes on a machine that does nothing else: it is there to end, not to measure. */
const MOST_MS_A_RUN = 5_000;
/** Runs that go on beside each other, each in queues of its own. */
const LANES = 2;

let service: TestService;
let key: string;
beforeAll(async () => {
  const config = { rateCostPerSecond: 1_000_000, rateBurst: 1_000_000, poolSize: 16 };
  service = patient(await startService({ config }));
  key = await service.key();
  // A floor may hide an urgent ticket that is just arriving for up to a second (floor.sql.ts); the model knows no instants.
  await service.sql(`CREATE FUNCTION no_floor() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`);
  await service.sql(`CREATE TRIGGER no_floor BEFORE INSERT ON lane_floor FOR EACH ROW EXECUTE FUNCTION no_floor()`);
  // Whether a claim gets a known answer is for a step to say.
  await service.sql(`ALTER TABLE queue DROP CONSTRAINT queue_gold_rate_range`);
});
afterAll(() => service?.stop());

/** What two to four people and their managers do to the items of two queues. */
const run = fc.asyncProperty(
  fc.integer({ min: 2, max: 4 }),
  ruleOf,
  firstItems,
  steps,
  async (people, rule, first, commands) => {
    const [queues, ...actors] = await Promise.all([
      makeQueues(service, rule),
      ...Array.from({ length: people }, () => service.member({ role: Role.MANAGER, name: uuidv7() })),
    ]);
    const real: Real = { service, queues, actors, key };
    const model = new ReviewModel(rule, queues[1]);
    for (const flag of first) await flag.run(model, real);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await expectClaimable(model, real);
  },
);

test(
  'whatever two to four people do, the service holds what a simple model of it says',
  async () => {
    const options = { numRuns: Math.ceil(RUNS / LANES) };
    await Promise.all(Array.from({ length: LANES }, () => fc.assert(run, options)));
    await service.app.get(Sequencer).runOnce();
    expect(await differences(service)).toEqual([]);
  },
  RUNS * MOST_MS_A_RUN,
);

/** Every free slot goes to somebody, or its item is one that nobody here may have. */
async function expectClaimable(model: ReviewModel, real: Real): Promise<void> {
  for (const [member, actor] of real.actors.entries()) {
    for (const queue of real.queues.filter(({ id }) => model.items.some((one) => isFree(model, one, id)))) {
      const { assignments } = await claim(real.service, actor, { queue: queue.key, count: 10 });
      for (const held of assignments) model.claimed(model.find(held.item.id), member, held);
    }
  }
  const left = model.items.filter((item) => model.free(item) > 0).map((item) => item.id);
  const named = stuck(model, real.actors.length);
  expect(left.filter((id) => !named.includes(id) && !isFull(model, real))).toEqual([]);
}

const isFree = (model: ReviewModel, item: ModelItem, queueId: string): boolean =>
  item.queue.id === queueId && model.free(item) > 0;

/** Somebody who holds as much as they may is offered nothing. */
function isFull(model: ReviewModel, real: Real): boolean {
  return real.actors.some(
    (_, member) => model.leases.filter((one) => one.isLive && one.member === member).length >= 10,
  );
}
