import { Injectable } from '@nestjs/common';

import type { Lease } from '../assignment/lost-lease.service.js';
import type { Reviewer } from '../assignment/reviewer.js';
import { WorkLimits } from '../assignment/work.limits.js';
import { Database } from '../database/database.js';
import { checkLabels } from '../project/labels.js';
import { QueueQueries } from '../project/queue.queries.js';
import { completeAnswer, type GivenAnswer } from './answer.js';
import type { CompleteAnswer } from './content-hash.js';
import type { Review } from './review.entity.js';
import { assignmentFactsSql } from './review.sql.js';

interface FactsRow {
  queue_id: string;
  rubric_version: number;
  reviews_required: number;
}

/** Whether an answer is fit for the assignment that it is sent for. */
@Injectable()
export class SubmitCheck {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
    private readonly limits: WorkLimits,
  ) {}

  /** The answer with nothing left open; refused when it is too large or does not hold together. */
  complete(given: GivenAnswer): CompleteAnswer {
    this.limits.check(given);
    return completeAnswer(given);
  }

  /** Refuses labels that do not answer the rubric version that a review was given. */
  async checkRubric({ projectId, queueId, rubricVersion: version }: Review, answer: CompleteAnswer): Promise<void> {
    checkLabels(await this.queues.rubricFields({ projectId, queueId, version }), answer.labels);
  }

  /**
   * Refuses labels that do not answer the rubric version that the assignment was given. Returns how many reviews its
   * item needs; null when the lease does not hold.
   */
  async check({ projectId, member }: Reviewer, lease: Lease, answer: CompleteAnswer): Promise<number | null> {
    const statement = { name: 'assignment-facts', text: assignmentFactsSql };
    const [facts] = await this.database.query<FactsRow>(statement, [
      projectId,
      lease.assignmentId,
      member.id,
      lease.leaseToken,
    ]);
    if (!facts) return null;
    const rubric = { projectId, queueId: facts.queue_id, version: facts.rubric_version };
    checkLabels(await this.queues.rubricFields(rubric), answer.labels);
    return facts.reviews_required;
  }
}
