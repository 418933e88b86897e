import { Injectable } from '@nestjs/common';

import type { Lease } from '../assignment/lost-lease.service.js';
import type { Reviewer } from '../assignment/reviewer.js';
import { WorkLimits } from '../assignment/work.limits.js';
import { Database } from '../database/database.js';
import { completeAnswer, type GivenAnswer } from './answer.js';
import type { CompleteAnswer } from './content-hash.js';
import { isRight, type KnownAnswer } from './gold.score.js';
import type { Review } from './review.entity.js';
import { assignmentFactsSql } from './review.sql.js';
import { RubricCheck } from './rubric.check.js';

interface FactsRow {
  item_id: string;
  queue_id: string;
  rubric_version: number;
  reviews_required: number;
  known: KnownAnswer | null;
}

/** What of an assignment decides how its answer is written. */
export interface SubmitFacts {
  readonly reviewsRequired: number;
  /** Null where nobody knows the answer beforehand. */
  readonly isRight: boolean | null;
}

/** Whether an answer is fit for the assignment that it is sent for. */
@Injectable()
export class SubmitCheck {
  constructor(
    private readonly database: Database,
    private readonly rubrics: RubricCheck,
    private readonly limits: WorkLimits,
  ) {}

  /** The answer with nothing left open; refused when it is too large or does not hold together. */
  complete(given: GivenAnswer): CompleteAnswer {
    this.limits.check(given);
    return completeAnswer(given);
  }

  /** Refuses labels that do not answer the rubric version that a review was given. */
  async checkRubric(review: Review, answer: CompleteAnswer): Promise<void> {
    const { projectId, queueId, itemId, rubricVersion: version } = review;
    await this.rubrics.check({ projectId, queueId, version }, itemId, answer);
  }

  /**
   * Refuses labels that do not answer the rubric version that the assignment was given. Null when the lease does
   * not hold.
   */
  async check({ projectId, member }: Reviewer, lease: Lease, answer: CompleteAnswer): Promise<SubmitFacts | null> {
    const statement = { name: 'assignment-facts', text: assignmentFactsSql };
    const [facts] = await this.database.query<FactsRow>(statement, [
      projectId,
      lease.assignmentId,
      member.id,
      lease.leaseToken,
    ]);
    if (!facts) return null;
    const rubric = { projectId, queueId: facts.queue_id, version: facts.rubric_version };
    const fields = await this.rubrics.check(rubric, facts.item_id, answer);
    const { reviews_required: reviewsRequired, known } = facts;
    const rankings = fields.filter(({ type }) => type === 'RANKING').map(({ name }) => name);
    return { reviewsRequired, isRight: known ? isRight(answer, known, rankings) : null };
  }
}
