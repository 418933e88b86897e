import { Injectable } from '@nestjs/common';

import type { Reviewer } from '../assignment/reviewer.js';
import { WorkLimits } from '../assignment/work.limits.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { completeAnswer, type GivenAnswer } from './answer.js';
import { percentAgreement } from './resolution.js';
import { RubricCheck } from './rubric.check.js';
import { adjudicateSql, disputeSql } from './settle.sql.js';

interface DisputeRow {
  status: string;
  queue_id: string;
  member_id: string | null;
  rubric_version: number | null;
  verdict: string | null;
}

/** Decides an item whose reviewers disagree, by somebody who is not one of them. The decision is final. */
@Injectable()
export class AdjudicationService {
  constructor(
    private readonly database: Database,
    private readonly rubrics: RubricCheck,
    private readonly hint: LogHint,
    private readonly limits: WorkLimits,
  ) {}

  async adjudicate({ projectId, member }: Reviewer, itemId: string, given: GivenAnswer): Promise<void> {
    this.limits.check(given);
    const answer = completeAnswer(given);
    const dispute = await this.database.query<DisputeRow>(disputeSql, [projectId, itemId]);
    refuseUnlessOpenTo(member.id, dispute);
    const version = Math.max(...dispute.map((row) => row.rubric_version ?? 1));
    await this.rubrics.check({ projectId, queueId: dispute[0]!.queue_id, version }, itemId, answer);
    const settled = await this.database.query({ name: 'adjudicate', text: adjudicateSql }, [
      projectId,
      itemId,
      member.id,
      answer.verdict,
      answer.correctedOutput === null ? null : JSON.stringify(answer.correctedOutput),
      JSON.stringify(answer.labels),
      answer.comment,
      'percent',
      percentAgreement(dispute.map((row) => row.verdict ?? '')),
    ]);
    if (settled.length === 0) throw new Refusal('ALREADY_RESOLVED', 'Somebody else has decided this item just now.');
    this.hint.wake(projectId);
  }
}

function refuseUnlessOpenTo(memberId: string, dispute: readonly DisputeRow[]): void {
  const [first] = dispute;
  if (!first) throw new Refusal('NOT_FOUND', 'There is no such item.');
  if (first.status === 'RESOLVED') throw new Refusal('ALREADY_RESOLVED', 'The item has its final answer.');
  if (first.status === 'WITHDRAWN') throw new Refusal('ALREADY_RESOLVED', 'The item was withdrawn.');
  if (first.status !== 'NEEDS_ADJUDICATION') {
    throw new Refusal('INVALID_INPUT', 'Reviews of this item are still to come; only a disagreement is adjudicated.');
  }
  if (dispute.some((row) => row.member_id === memberId)) {
    throw new Refusal('FORBIDDEN', 'You reviewed this item; somebody who did not has to decide it.');
  }
}
