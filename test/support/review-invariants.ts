import { expect } from 'vitest';

import type { Real, ReviewModel } from './review-model.js';

interface Found {
  id: string;
  status: string;
  reviews: number;
  revisions: number;
  escalations: number;
  answer: string | null;
  leases: number;
  tickets: number;
}

/** The tables say what the model says; for each open item, slots are conserved: none lost, none over. */
export async function expectSame(model: ReviewModel, { service, queues, actors }: Real): Promise<void> {
  const found = await service.sql<Found>(
    `SELECT i.id, i.status,
            (SELECT count(*)::int FROM review r WHERE r.item_id = i.id AND r.revision = 0) AS reviews,
            (SELECT count(*)::int FROM review r WHERE r.item_id = i.id AND r.revision > 0) AS revisions,
            (SELECT count(*)::int FROM escalation e WHERE e.item_id = i.id) AS escalations,
            (SELECT concat_ws(' ', s.verdict, s.by, s.revision) FROM resolution s
              WHERE s.item_id = i.id AND i.status = 'RESOLVED') AS answer,
            (SELECT count(*)::int FROM assignment a WHERE a.item_id = i.id) AS leases,
            (SELECT count(*)::int FROM ticket t WHERE t.item_id = i.id) AS tickets
       FROM item i WHERE i.queue_id = ANY ($1)`,
    [queues.map((queue) => queue.id)],
  );
  expect(found).toHaveLength(model.items.length);
  for (const item of model.items) {
    const row = found.find(({ id }) => id === item.id);
    const { status, verdict, by, resolutions } = item;
    expect(row).toEqual({
      id: item.id,
      status,
      reviews: item.reviews.length,
      revisions: item.reviews.reduce((sum, review) => sum + review.ids.length - 1, 0),
      escalations: item.escalatedBy === null ? 0 : 1,
      answer: status === 'RESOLVED' ? `${verdict} ${by} ${resolutions - 1}` : null,
      leases: model.live(item).length,
      tickets: model.free(item),
    });
    expect(item.reviews.length + model.live(item).length).toBeLessThanOrEqual(model.reviewsRequired);
    expect(new Set(item.reviews.map((review) => review.member)).size).toBe(item.reviews.length);
  }
  const capacity = await service.sql(
    `SELECT FROM assignment WHERE member_id = ANY ($1) GROUP BY member_id HAVING count(*) > 10`,
    [actors.map((actor) => actor.id)],
  );
  expect(capacity).toEqual([]);
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
