import fc from 'fast-check';
import { expect } from 'vitest';

import { DeadlineService } from '../../src/assignment/deadline.service.js';
import { ResizeService } from '../../src/review/resize.service.js';
import { until } from './built.js';
import { type ModelItem, type ModelRule, type ReviewModel, ruleOfSecond } from './review-model.js';
import { assignTo, at, number, onLive, Step, verdict, waiting } from './review-step.js';
import { codeOf, escalate, revise, submit } from './reviewing.js';

/** One to three reviews, up to two more, agreeing in half or in three of four. */
export const ruleOf = fc
  .record({ required: fc.integer({ min: 1, max: 3 }), more: fc.nat({ max: 2 }), bar: fc.constantFrom(0.5, 0.75) })
  .map(({ required, more, bar }): ModelRule => ({ required, most: required + more, bar }));

const open = (model: ReviewModel): ModelItem[] => model.items.filter((item) => item.status === 'OPEN');
const reviewed = (model: ReviewModel): ModelItem[] => model.all.filter((item) => item.reviews.length > 0);

/** Of the newest of a review or, as a client that lost a reply would, of one before it. */
const reviseOne = fc.record({ n: number, slot: number, which: number, verdict }).map(
  ({ n, slot, which, verdict: wanted }) =>
    new Step(
      `revise(${n}, ${slot}, ${which}, ${wanted})`,
      async (model, { service, actors }) => {
        const item = at(reviewed(model), n);
        const review = at(item.reviews, slot);
        const id = at(review.ids, which);
        const before = review.verdict;
        const isNewest = id === review.ids.at(-1);
        const answer = await revise(service, actors[review.member]!, id, { verdict: wanted });
        if (!isNewest) return expectRepeat(answer, review.ids[review.ids.indexOf(id) + 1]!);
        if (wanted === before) {
          expect(answer.data.reviseReview.review.id).toBe(id);
        } else if (!model.isRevisable(item)) {
          expect(codeOf(answer)).toBe('ALREADY_RESOLVED');
        } else {
          expect(codeOf(answer)).toBeNull();
          model.revised(item, review, answer.data.reviseReview.review.id, wanted);
        }
      },
      (model) => reviewed(model).length > 0,
    ),
);

/** A review that was revised: its revision if it is the same, else it is said that there is one. */
function expectRepeat(answer: Awaited<ReturnType<typeof revise>>, next: string): void {
  if (answer.errors) expect(codeOf(answer)).toBe('DUPLICATE_CONFLICT');
  else expect(answer.data.reviseReview.review.id).toBe(next);
}

const escalateOne = onLive('escalate', async (lease, model, { service, actors }) => {
  expect(codeOf(await escalate(service, actors[lease.member]!, lease.held, 'too hard'))).toBeNull();
  model.escalated(lease);
});

/** Whoever may still review an item is handed it and gives the same answer, so that there is something to revise. */
const finish = fc.record({ n: number, verdict }).map(
  ({ n, verdict: given }) =>
    new Step(
      `finish(${n}, ${given})`,
      async (model, real) => {
        const item = at(open(model), n);
        for (const member of real.actors.keys()) {
          if (model.free(item) === 0 || !model.mayHave(item, member)) continue;
          const held = await assignTo(real, item, member);
          model.claimed(item, member, held!);
          const answer = await submit(real.service, real.actors[member]!, held!, { verdict: given });
          expect(codeOf(answer)).toBeNull();
          model.reviewed(model.leases.at(-1)!, answer.data.submitReview.review.id, given);
        }
      },
      (model) => open(model).length > 0,
    ),
);

const bump = fc.record({ n: number, priority: fc.nat({ max: 9 }) }).map(
  ({ n, priority }) =>
    new Step(
      `bump(${n}, ${priority})`,
      async (model, { service, key }) => {
        const item = at(model.items, n);
        const { bumpItems } = await service.do<any>(
          key,
          `mutation ($input: BumpItemsInput!) { bumpItems(input: $input) { changed } }`,
          { input: { itemIds: [item.id], priority } },
        );
        expect(bumpItems.changed).toBe(item.status === 'OPEN' ? 1 : 0);
      },
      (model) => model.items.length > 0,
    ),
);

/** To the other queue, if nobody holds or has reviewed it. */
const move = number.map(
  (n) =>
    new Step(
      `move(${n})`,
      async (model, { service, key, queues }) => {
        const item = at(model.items, n);
        const other = queues.find((queue) => queue.id !== item.queue.id)!;
        const { moveItems } = await service.do<any>(
          key,
          `mutation ($input: MoveItemsInput!) { moveItems(input: $input) { changed } }`,
          { input: { itemIds: [item.id], queue: other.key } },
        );
        const isFree = item.status === 'OPEN' && model.free(item) === item.slots;
        expect(moveItems.changed).toBe(isFree ? 1 : 0);
        if (isFree) model.moved(item, other);
      },
      (model) => model.items.length > 0,
    ),
);

/** Its deadline passes: the first queue confirms then, the second rejects. */
const deadline = number.map(
  (n) =>
    new Step(
      `deadline(${n})`,
      async (model, { service, queues }) => {
        const item = at(waiting(model), n);
        await service.sql(`UPDATE item SET due_at = now() - interval '1 second' WHERE id = $1`, [item.id]);
        await until(async () => {
          await service.app.get(DeadlineService).runOnce();
          const [row] = await service.sql<{ status: string }>(`SELECT status FROM item WHERE id = $1`, [item.id]);
          return row?.status === 'RESOLVED';
        });
        model.resolved(item, 'DEADLINE', item.queue.id === queues[0].id ? 'CONFIRMED' : 'REJECTED');
      },
      (model) => waiting(model).length > 0,
    ),
);

/** The queues ask for another number of reviews, or another bar, and what is open follows. */
const rule = ruleOf.map(
  (wanted) =>
    new Step(`rule(${Object.values(wanted).join()})`, async (model, { service, key, queues }) => {
      for (const [place, queue] of queues.entries()) {
        const { required, most, bar } = place === 0 ? wanted : ruleOfSecond(wanted);
        const settings = { reviewsRequired: required, reviewsMax: most, agreementBar: bar };
        await service.do(key, `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }`, {
          input: { key: queue.key, ...settings },
        });
      }
      const ids = queues.map((queue) => queue.id);
      await until(async () => {
        await service.app.get(ResizeService).runOnce();
        const left = `SELECT FROM queue_resize WHERE queue_id = ANY ($1) AND NOT is_second_pass`;
        return (await service.sql(left, [ids])).length === 0;
      });
      model.ruled(wanted);
    }),
);

/** What people and managers do besides claiming and answering. */
export const further = [
  reviseOne,
  reviseOne,
  reviseOne,
  reviseOne,
  finish,
  finish,
  escalateOne,
  bump,
  move,
  deadline,
  rule,
];
