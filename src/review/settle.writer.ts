import type { Queryable } from '../database/database.js';
import { decideByBar, reviewsWanted } from './overlap.js';
import { openSlotsSql } from './overlap.sql.js';
import { type ReviewRow, toAnswer } from './review.row.js';
import { reviewsToSettleSql, settleSql } from './settle.sql.js';

interface RowToSettle extends ReviewRow {
  agreement_bar: number;
  reviews_asked: number;
  reviews_max: number;
}

/**
 * What becomes of items whose reviews are all in, in the transaction that brought the last one: the answer, another
 * reviewer, or a person who decides. Items that are not open any more stay as they are.
 */
export async function settle(tx: Queryable, projectId: number, itemIds: readonly string[]): Promise<void> {
  const rows = await tx.query<RowToSettle>({ name: 'settle-reviews', text: reviewsToSettleSql }, [projectId, itemIds]);
  const further: string[] = [];
  const decided = itemIds.flatMap((itemId) => {
    const reviews = rows.filter((row) => row.item_id === itemId);
    const [first] = reviews;
    if (!first) return [];
    const answers = reviews.map(toAnswer);
    const rule = {
      reviewsRequired: first.reviews_asked,
      reviewsMax: first.reviews_max,
      agreementBar: first.agreement_bar,
    };
    if (reviewsWanted(answers, rule) > answers.length) {
      further.push(itemId);
      return [];
    }
    const { verdict, output, labels, agreement } = decideByBar(answers, rule.agreementBar);
    return {
      item_id: itemId,
      verdict,
      output: output === null ? null : JSON.stringify(output),
      labels: JSON.stringify(labels),
      agreement_metric: agreement.metric,
      agreement_value: agreement.value,
    };
  });
  if (decided.length > 0) await tx.query({ name: 'settle', text: settleSql }, [projectId, JSON.stringify(decided)]);
  if (further.length === 0) return;
  const params = [projectId, further, further.map(() => 1), 'AGREEMENT'];
  await tx.query({ name: 'slots-open', text: openSlotsSql }, params);
}
