import type { Queryable } from '../database/database.js';
import { type OverlapRule, reviewsWanted } from './overlap.js';
import { closeSlotsSql, openSlotsSql } from './overlap.sql.js';
import { followGoldSql, itemRulesSql, lockItemsSql, noteHeldSql } from './resize.sql.js';
import { type ReviewRow, toAnswer } from './review.row.js';
import { reviewsToSettleSql } from './settle.sql.js';
import { settle } from './settle.writer.js';

interface RuleRow {
  id: string;
  /** reviews_required of the item, and of the queue. */
  slots: number;
  reviews_done: number;
  reviews_required: number;
  reviews_max: number;
  agreement_bar: number;
}

interface Change {
  readonly id: string;
  readonly slots: number;
  readonly done: number;
  readonly wanted: number;
}

/** Gives open items the slots that their queue asks for now, and settles those that need no more. */
export async function resize(tx: Queryable, projectId: number, itemIds: readonly string[]): Promise<void> {
  await tx.query(lockItemsSql, [projectId, itemIds]);
  await tx.query(followGoldSql, [projectId, itemIds]);
  const items = await tx.query<RuleRow & object>(itemRulesSql, [projectId, itemIds]);
  const changes = (await wanted(tx, projectId, items)).filter(({ slots, wanted }) => slots !== wanted);
  const grow = changes.filter(({ slots, wanted }) => wanted > slots);
  if (grow.length > 0) {
    const more = grow.map(({ slots, wanted }) => wanted - slots);
    await tx.query(openSlotsSql, [projectId, grow.map(({ id }) => id), more, 'QUEUE']);
  }
  const left = await close(
    tx,
    projectId,
    changes.filter(({ slots, wanted }) => wanted < slots),
  );
  const full = left.filter(({ slots, done }) => slots === done && done > 0).map(({ id }) => id);
  if (full.length > 0) await settle(tx, projectId, full);
  const held = left.filter(({ slots, wanted }) => slots > wanted).map(({ id }) => id);
  await tx.query(noteHeldSql, [projectId, itemIds, held]);
}

async function wanted(tx: Queryable, projectId: number, items: readonly RuleRow[]): Promise<Change[]> {
  const begun = items.filter((item) => item.reviews_done > 0).map(({ id }) => id);
  const reviews = begun.length > 0 ? await tx.query<ReviewRow>(reviewsToSettleSql, [projectId, begun]) : [];
  return items.map((item) => {
    const rule: OverlapRule = {
      reviewsRequired: item.reviews_required,
      reviewsMax: item.reviews_max,
      agreementBar: item.agreement_bar,
    };
    const answers = reviews.filter((review) => review.item_id === item.id).map(toAnswer);
    return { id: item.id, slots: item.slots, done: item.reviews_done, wanted: reviewsWanted(answers, rule) };
  });
}

/** The items as they stand after as many slots as possible were closed. */
async function close(tx: Queryable, projectId: number, shrink: readonly Change[]): Promise<Change[]> {
  if (shrink.length === 0) return [];
  const rows = await tx.query<{ item_id: string; fewer: number }>(closeSlotsSql, [
    projectId,
    shrink.map(({ id }) => id),
    shrink.map(({ slots, wanted }) => slots - wanted),
  ]);
  const closed = new Map(rows.map((row) => [row.item_id, row.fewer]));
  return shrink.map((change) => ({ ...change, slots: change.slots - (closed.get(change.id) ?? 0) }));
}
