import { expect } from 'vitest';

import type { Real, ReviewModel } from './review-model.js';

interface Found {
  id: string;
  rank: string;
  status: string;
  slots: number;
  reviews: number;
  revisions: number;
  escalations: number;
  answer: string | null;
  leases: number;
  tickets: number;
  copies: number;
}

/** $1 queues, $2 people. All in one statement: it is asked after each step. */
const STATE = `
  SELECT i.id, i.rank, i.status, i.reviews_required AS slots,
         (SELECT count(*)::int FROM review r WHERE r.item_id = i.id AND r.revision = 0) AS reviews,
         (SELECT count(*)::int FROM review r WHERE r.item_id = i.id AND r.revision > 0) AS revisions,
         (SELECT count(*)::int FROM escalation e WHERE e.item_id = i.id) AS escalations,
         (SELECT concat_ws(' ', s.verdict, s.by, s.revision) FROM resolution s
           WHERE s.item_id = i.id AND i.status = 'RESOLVED') AS answer,
         (SELECT count(*)::int FROM assignment a WHERE a.item_id = i.id) AS leases,
         (SELECT count(*)::int FROM ticket t WHERE t.item_id = i.id) AS tickets,
         (SELECT count(*)::int FROM gold_item c WHERE c.item_id = i.id) AS copies,
         (SELECT coalesce(max(held.n), 0)::int FROM (
            SELECT count(*) AS n FROM assignment a WHERE a.member_id = ANY ($2) GROUP BY a.member_id) held) AS most_held
    FROM item i WHERE i.queue_id = ANY ($1)`;

/** The tables say what the model says; for each open item, slots are conserved: none lost, none over. */
export async function expectSame(model: ReviewModel, { service, queues, actors }: Real): Promise<void> {
  const rows = await service.sql<Found & { most_held: number }>(STATE, [
    queues.map((queue) => queue.id),
    actors.map((actor) => actor.id),
  ]);
  expect(rows[0]?.most_held ?? 0).toBeLessThanOrEqual(10);
  expect(rows).toHaveLength(model.all.length);
  for (const item of model.all) {
    const { rank, most_held: _, ...row } = rows.find(({ id }) => id === item.id)!;
    // How urgent it is, the database computes: what follows from it is what is compared.
    item.rank = BigInt(rank);
    const { status, verdict, by, resolutions } = item;
    expect(row).toEqual({
      id: item.id,
      status,
      slots: item.slots,
      reviews: item.reviews.length,
      revisions: item.reviews.reduce((sum, review) => sum + review.ids.length - 1, 0),
      escalations: item.escalatedBy === null ? 0 : 1,
      answer: status === 'RESOLVED' ? `${verdict} ${by} ${resolutions - 1}` : null,
      leases: model.live(item).length,
      tickets: model.free(item),
      copies: item.copyFor === null ? 0 : 1,
    });
    expect(item.reviews.length + model.live(item).length).toBeLessThanOrEqual(item.slots);
    expect(item.slots).toBeLessThanOrEqual(9);
    expect(new Set(item.reviews.map((review) => review.member)).size).toBe(item.reviews.length);
  }
}

/** Open items that none of the actors could be offered: named, so that nobody waits for them unknowing. */
export function stuck(model: ReviewModel, actors: number): string[] {
  return model.items
    .filter((item) => model.free(item) > 0)
    .filter(
      (item) => !Array.from({ length: actors }, (_, member) => member).some((member) => model.mayHave(item, member)),
    )
    .map((item) => item.id);
}
