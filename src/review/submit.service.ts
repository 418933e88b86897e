import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { type Lease, LostLeaseService } from '../assignment/lost-lease.service.js';
import type { Reviewer } from '../assignment/reviewer.js';
import { Refusal } from '../errors.js';
import type { GivenAnswer } from './answer.js';
import { type CompleteAnswer, contentHash } from './content-hash.js';
import type { Review } from './review.entity.js';
import { ReviewQueries } from './review.queries.js';
import { SubmissionWriter } from './submission.writer.js';
import { SubmitCheck, type SubmitFacts } from './submit.check.js';

/**
 * Takes a reviewer's answer: checks it, writes it under the lease's fence, or says why not.
 *
 * The same answer under the same lease again gives the review that was made, so a reply that was lost can be asked for
 * by sending it once more. Another answer under a lease that was used is DUPLICATE_CONFLICT. When the lease did not
 * hold, the answer is kept as a draft before LEASE_LOST is said.
 */
@Injectable()
export class SubmitService {
  constructor(
    private readonly checks: SubmitCheck,
    private readonly writer: SubmissionWriter,
    private readonly reviews: ReviewQueries,
    private readonly lostLease: LostLeaseService,
  ) {}

  async submit(reviewer: Reviewer, lease: Lease, given: GivenAnswer): Promise<Review> {
    const answer = this.checks.complete(given);
    const hash = contentHash(answer);
    const facts = await this.checks.check(reviewer, lease, answer);
    const written = facts === null ? null : await this.write(reviewer, lease, answer, hash, facts);
    return written ?? this.already(reviewer, lease, answer, hash);
  }

  private write(
    { projectId, member }: Reviewer,
    { assignmentId, leaseToken }: Lease,
    answer: CompleteAnswer,
    hash: string,
    { reviewsRequired, isRight }: SubmitFacts,
  ): Promise<Review | null> {
    return this.writer.write(projectId, reviewsRequired, {
      id: uuidv7(),
      assignmentId,
      leaseToken,
      memberId: member.id,
      verdict: answer.verdict,
      correctedOutput: answer.correctedOutput === null ? null : JSON.stringify(answer.correctedOutput),
      labels: JSON.stringify(answer.labels),
      comment: answer.comment,
      contentHash: hash,
      isRight,
    });
  }

  /** Nothing was written: it was before, or the lease is lost. */
  private async already(reviewer: Reviewer, lease: Lease, answer: CompleteAnswer, hash: string): Promise<Review> {
    const before = await this.reviews.byAssignment(reviewer.projectId, lease.assignmentId, reviewer.member.id);
    if (before?.leaseToken === lease.leaseToken.toLowerCase()) {
      if (before.contentHash.toString('hex') === hash) return before;
      throw new Refusal('DUPLICATE_CONFLICT', 'This assignment was submitted before with another answer.', {
        reviewId: before.id,
      });
    }
    return this.lostLease.refuse(reviewer, lease, answer);
  }
}
