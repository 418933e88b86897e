import type { Queryable } from '../database/database.js';
import { isSame } from '../project/difference.js';
import { type Answer, decide, type Decision } from './resolution.js';
import { reopenSql, resolveAgainSql, standingAnswerSql } from './revise.sql.js';
import { type ReviewRow, toAnswer } from './review.row.js';
import { reviewsToSettleSql } from './settle.sql.js';

interface StandingRow {
  verdict: Answer['verdict'];
  output: unknown;
  labels: Answer['labels'];
  agreement_value: number | null;
}

/** Who revised what, of an item whose reviews are all in. */
export interface Revised {
  readonly projectId: number;
  readonly itemId: string;
  readonly memberId: string;
  readonly reviewId: string;
  readonly from: 'RESOLVED' | 'NEEDS_ADJUDICATION';
}

/** Puts the reviews as they are now under the rule that they were resolved by; writes what that changes, if anything. */
export async function settleAgain(tx: Queryable, revised: Revised): Promise<void> {
  const { projectId, itemId, memberId, reviewId, from } = revised;
  const reviews = await tx.query<ReviewRow>(reviewsToSettleSql, [projectId, [itemId]]);
  const decision = decide(reviews.map(toAnswer));
  if (decision.verdict === null) {
    if (from === 'RESOLVED') await tx.query(reopenSql, [projectId, itemId, memberId, reviewId]);
    return;
  }
  // Of one review there is nothing to compare.
  const agreement = reviews.length > 1 ? decision.agreement : null;
  const [standing] = await tx.query<StandingRow>(standingAnswerSql, [projectId, itemId]);
  if (from === 'RESOLVED' && standing && isUnchanged(standing, decision, agreement?.value ?? null)) return;
  await tx.query(resolveAgainSql, [
    projectId,
    itemId,
    decision.verdict,
    decision.output === null ? null : JSON.stringify(decision.output),
    JSON.stringify(decision.labels),
    agreement?.metric ?? null,
    agreement?.value ?? null,
    memberId,
    from,
  ]);
}

function isUnchanged(standing: StandingRow, decision: Decision, agreement: number | null): boolean {
  const { verdict, output, labels } = decision;
  const { verdict: wasVerdict, output: wasOutput, labels: wasLabels } = standing;
  const was = { verdict: wasVerdict, output: wasOutput, labels: wasLabels, agreement: standing.agreement_value };
  return isSame(was, { verdict, output, labels, agreement });
}
