import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import type { Reviewer } from '../assignment/reviewer.js';
import { Shown } from '../assignment/shown.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import type { GivenAnswer } from './answer.js';
import { type CompleteAnswer, contentHash } from './content-hash.js';
import type { Review } from './review.entity.js';
import { ReviewQueries } from './review.queries.js';
import { type ReviewRow, toReview } from './review.row.js';
import { noteHeldSql } from './resize.sql.js';
import { settleAgain } from './revise.settle.js';
import { NotRevisable, type RevisionFacts, whyNotRevisable } from './revise.rule.js';
import { lockItemSql, reviseSql, revisionFactsSql } from './revise.sql.js';
import { SubmitCheck } from './submit.check.js';

interface Facts extends RevisionFacts {
  is_complete: boolean;
  is_escalated: boolean;
  next_hash: Buffer | null;
  newest_id: string;
}

/**
 * Lets a reviewer change their mind: a new review that supersedes theirs. The old one stays as it was.
 *
 * The review that is revised is what guards the call. Sent again with the same answer it gives the same revision; with
 * another, or when somebody was quicker, it is DUPLICATE_CONFLICT and names the newest. An answer that changes nothing
 * makes no revision.
 *
 * The item is settled again by the rule of a submit. What an adjudicator or the deadline decided is final. What was
 * agreed gets another answer, or waits for adjudication where the reviews no longer agree; see docs/adr/0014.
 */
@Injectable()
export class ReviseService {
  constructor(
    private readonly database: Database,
    private readonly reviews: ReviewQueries,
    private readonly checks: SubmitCheck,
    private readonly hint: LogHint,
  ) {}

  async revise({ projectId, member }: Reviewer, reviewId: string, given: GivenAnswer): Promise<Review> {
    const answer = this.checks.complete(given);
    const before = await this.reviews.byId(projectId, reviewId);
    if (before?.memberId !== member.id) throw new Refusal('NOT_FOUND', 'You have no such review.');
    await this.checks.checkRubric(before, answer);
    const id = await this.database.transaction((tx) => write(tx, before, answer));
    this.hint.wake(projectId);
    const review = id === before.id ? before : await this.reviews.byId(projectId, id);
    return review!;
  }
}

/** The id of the review that holds the answer: a new one, or the one that held it already. */
async function write(tx: Queryable, before: Review, answer: CompleteAnswer): Promise<string> {
  const { projectId, itemId } = before;
  const hash = contentHash(answer);
  await tx.query(lockItemSql, [projectId, itemId]);
  const [facts] = await tx.query<Facts & object>(revisionFactsSql, [projectId, before.id]);
  if (!facts) throw new Error(`review ${before.id} has no item`);
  if (facts.next_id) {
    if (facts.next_hash?.toString('hex') === hash) return facts.next_id;
    const message = 'This review was revised before with another answer; revise the newest of them.';
    throw new Refusal('DUPLICATE_CONFLICT', message, { reviewId: facts.newest_id });
  }
  if (before.contentHash.toString('hex') === hash) return before.id;
  refuseUnlessRevisable(facts);
  const [row] = await tx.query<ReviewRow & object>(reviseSql, [
    projectId,
    before.id,
    uuidv7(),
    answer.verdict,
    answer.correctedOutput === null ? null : JSON.stringify(answer.correctedOutput),
    JSON.stringify(answer.labels),
    answer.comment,
    hash,
    // Their own review is in, so nothing is hidden from them any more.
    Object.values(Shown),
  ]);
  const review = toReview(row!);
  const isSettled = facts.is_complete && !facts.is_escalated;
  if (isSettled && (facts.status === 'RESOLVED' || facts.status === 'NEEDS_ADJUDICATION')) {
    const { memberId, id: reviewId } = review;
    await settleAgain(tx, { projectId, itemId, memberId, reviewId, from: facts.status });
  }
  // A further reviewer may have been asked for because of what was just revised: the next sweep looks.
  if (facts.status === 'OPEN') await tx.query(noteHeldSql, [projectId, [], [itemId]]);
  return review.id;
}

function refuseUnlessRevisable(facts: Facts): void {
  const { resolved_by: by, revise_within_seconds: seconds } = facts;
  const why = whyNotRevisable(facts);
  if (why === null) return;
  if (why === NotRevisable.WITHDRAWN) throw new Refusal('ALREADY_RESOLVED', 'The item was withdrawn.');
  if (why === NotRevisable.DECIDED) {
    const who = by === 'ADJUDICATION' ? 'An adjudicator' : 'The deadline';
    throw new Refusal('ALREADY_RESOLVED', `${who} has decided this item; reviews of it can no longer be revised.`);
  }
  const rule = seconds === 0 ? 'cannot be revised' : `can be revised for ${seconds} seconds; that time is over`;
  throw new Refusal('FORBIDDEN', `Reviews in this queue ${rule}.`, { reviseWithinSeconds: seconds });
}
