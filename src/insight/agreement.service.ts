import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { QueueQueries } from '../project/queue.queries.js';
import type { RubricField } from '../project/rubric.js';
import { type Measured, measureAgreement, METRICS } from './agreement/measure.js';
import { type Rating, tabulate } from './agreement/ratings.js';
import { comparisonOf, type Comparison } from './agreement.answers.js';
import { AgreementMetric, type AgreementReport, AgreementUndefined, MeasurementScale } from './agreement.report.js';
import { ANSWERS, MOST_ITEMS } from './agreement.sql.js';
import type { AgreementArgs } from './insight.input.js';
import { type QueueScope, Scopes } from './insight.scope.js';

interface AnswerRow {
  [column: string]: unknown;
  item_id: string;
  /** From 1, the latest first. */
  place: number;
  /** How many items there are, 20,001 for more. */
  picked: number;
  member_id: string;
  answer: unknown;
}

/**
 * Agreement of the reviewers of a queue, over a period. Computed when it is asked for, from first answers only: what a
 * person revises, or an adjudicator says, was not answered independently.
 *
 * Known limit: at most 20,000 items, the latest; the report says when there were more. Their coefficients and intervals
 * take one to two seconds of this process, in slices between which other requests are served.
 */
@Injectable()
export class AgreementService {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
    private readonly scopes: Scopes,
  ) {}

  async report(projectId: number, args: AgreementArgs): Promise<AgreementReport> {
    const scope = await this.scopes.of(projectId, args);
    const rubricVersion = args.rubricVersion ?? (args.field == null ? null : scope.rubricVersion);
    const field = args.field == null ? null : await this.field(scope, rubricVersion!, args.field);
    const comparison = comparisonOf(field, args.scale ?? null);
    const { ratings, isComplete } = await this.ratings(scope, comparison, { ...args, rubricVersion });
    const table = tabulate(ratings);
    const measured = await measureAgreement(table, comparison.scale, args.metric ? [args.metric] : METRICS);
    return {
      from: scope.from,
      to: scope.to,
      scale: MeasurementScale[comparison.scale],
      rubricVersion,
      items: table.items,
      answers: table.ratings,
      reviewers: table.raters.length,
      isComplete,
      coefficients: measured.map(toCoefficient),
    };
  }

  private async field({ projectId, queueId }: QueueScope, version: number, name: string): Promise<RubricField> {
    const fields = await this.queues.rubricFields({ projectId, queueId, version }).catch(() => {
      throw new Refusal('NOT_FOUND', `The queue has no version ${version} of its rubric.`);
    });
    const field = fields.find((candidate) => candidate.name === name);
    if (field) return field;
    const names = fields.map((candidate) => candidate.name).join(', ') || 'none';
    throw new Refusal('INVALID_INPUT', `Version ${version} of the rubric has no field "${name}"; it has ${names}.`);
  }

  private async ratings(
    { projectId, queueId, from, to }: QueueScope,
    { toValue }: Comparison,
    {
      rubricVersion = null,
      field = null,
      reviewers = null,
    }: Pick<AgreementArgs, 'rubricVersion' | 'field' | 'reviewers'>,
  ): Promise<{ ratings: Rating[]; isComplete: boolean }> {
    const params = [projectId, queueId, from, to, MOST_ITEMS + 1, rubricVersion, field, reviewers];
    const rows = await this.database.query<AnswerRow>(ANSWERS, params);
    const ratings = rows.flatMap(({ item_id: item, member_id: rater, place, answer }): Rating[] => {
      const value = place > MOST_ITEMS ? null : toValue(answer);
      return value === null ? [] : [{ item, rater, value }];
    });
    return { ratings, isComplete: (rows[0]?.picked ?? 0) <= MOST_ITEMS };
  }
}

function toCoefficient({ metric, value, reason, interval }: Measured) {
  return {
    metric: AgreementMetric[metric],
    value,
    undefinedBecause: reason && AgreementUndefined[reason],
    interval,
  };
}
