import { Injectable } from '@nestjs/common';

import type { Reviewer } from '../assignment/reviewer.js';
import { WorkLimits } from '../assignment/work.limits.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { checkLabels } from '../project/labels.js';
import { QueueQueries } from '../project/queue.queries.js';
import { completeAnswer, type GivenAnswer } from './answer.js';
import { percentAgreement } from './resolution.js';
import { adjudicateSql, disputeSql } from './settle.sql.js';

interface DisputeRow {
  status: string;
  queue_id: string;
  current_rubric: number;
  is_party: boolean;
  /** Null where nobody has reviewed it: it was escalated before. */
  rubric_version: number | null;
  verdict: string | null;
}

/** Decides an item whose reviewers disagree or left it to somebody more senior, by one who is no party to it. The decision is final. */
@Injectable()
export class AdjudicationService {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
    private readonly hint: LogHint,
    private readonly limits: WorkLimits,
  ) {}

  async adjudicate({ projectId, member }: Reviewer, itemId: string, given: GivenAnswer): Promise<void> {
    this.limits.check(given);
    const answer = completeAnswer(given);
    const dispute = await this.database.query<DisputeRow>(disputeSql, [projectId, itemId, member.id]);
    refuseUnlessOpen(dispute);
    const version = Math.max(...dispute.map((row) => row.rubric_version ?? row.current_rubric));
    const verdicts = dispute.flatMap((row) => row.verdict ?? []);
    const hasAgreement = verdicts.length > 1;
    checkLabels(await this.queues.rubricFields({ projectId, queueId: dispute[0]!.queue_id, version }), answer.labels);
    const settled = await this.database.query({ name: 'adjudicate', text: adjudicateSql }, [
      projectId,
      itemId,
      member.id,
      answer.verdict,
      answer.correctedOutput === null ? null : JSON.stringify(answer.correctedOutput),
      JSON.stringify(answer.labels),
      answer.comment,
      hasAgreement ? 'percent' : null,
      hasAgreement ? percentAgreement(verdicts) : null,
    ]);
    if (settled.length === 0) throw new Refusal('ALREADY_RESOLVED', 'Somebody else has decided this item just now.');
    this.hint.wake(projectId);
  }
}

function refuseUnlessOpen(dispute: readonly DisputeRow[]): void {
  const [first] = dispute;
  if (!first) throw new Refusal('NOT_FOUND', 'There is no such item.');
  if (first.status === 'RESOLVED') throw new Refusal('ALREADY_RESOLVED', 'The item has its final answer.');
  if (first.status === 'WITHDRAWN') throw new Refusal('ALREADY_RESOLVED', 'The item was withdrawn.');
  if (first.status !== 'NEEDS_ADJUDICATION') {
    throw new Refusal('INVALID_INPUT', 'Reviews of this item are still to come; only a disagreement is adjudicated.');
  }
  if (first.is_party) {
    throw new Refusal('FORBIDDEN', 'You reviewed, escalated or wrote this item; somebody else has to decide it.');
  }
}
