import { Controller, Get, Query, Res } from '@nestjs/common';
import type { Response } from 'express';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { toCsv } from './csv.js';
import type { QueuePeriodArgs } from './insight.input.js';
import { ReviewerStatsService } from './reviewer-stats.service.js';
import type { ReviewerStats } from './reviewer-stats.js';

const PARAMETERS = ['queue', 'from', 'to'] as const;
const HEADER = [
  'member_id',
  'name',
  'reviews',
  'median_ms',
  'p90_ms',
  'peer_agreement',
  'peer_pairs',
  'resolution_agreement',
  'resolutions_compared',
  'skipped',
  'expired',
  'released',
  'gold_answered',
  'gold_accuracy',
  'gold_low',
  'gold_high',
  'paused_at',
];

/**
 * `GET /insight/reviewers.csv?queue=KEY&from=…&to=…`: the query `reviewerStats` as a file for a spreadsheet; without a queue
 * of all. Times as in GraphQL, like 2026-01-31T12:00:00.000Z.
 */
@Controller('insight')
export class ReviewerStatsController {
  constructor(private readonly service: ReviewerStatsService) {}

  @Get('reviewers.csv')
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async reviewers(
    @CurrentViewer() viewer: Viewer,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ): Promise<void> {
    const args = parse(query);
    const stats = await this.service.of(viewer, args);
    response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
    response.setHeader('Content-Disposition', 'attachment; filename="reviewers.csv"');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'private, no-store');
    response.end(toCsv(HEADER, stats.map(toRow)));
  }
}

function toRow({
  member,
  peerAgreement,
  resolutionAgreement,
  gold,
  ...stats
}: ReviewerStats): (string | number | null)[] {
  const { reviews, medianMs, p90Ms, skipped, expired, released } = stats;
  const shares = [peerAgreement, resolutionAgreement].flatMap(({ value, compared }) => [value, compared]);
  const known = gold
    ? [gold.answered, gold.accuracy, gold.low, gold.high, gold.pausedAt?.toISOString() ?? null]
    : [null, null, null, null, null];
  return [member.id, member.name, reviews, medianMs, p90Ms, ...shares, skipped, expired, released, ...known];
}

function parse(query: Readonly<Record<string, unknown>>): QueuePeriodArgs {
  for (const [name, value] of Object.entries(query)) {
    if (!PARAMETERS.some((known) => known === name)) {
      throw new Refusal('INVALID_INPUT', `"${name}" is not a parameter; there are ${PARAMETERS.join(', ')}.`);
    }
    if (typeof value !== 'string') throw new Refusal('INVALID_INPUT', `"${name}" is given twice.`);
  }
  const { queue, from, to } = query as Record<(typeof PARAMETERS)[number], string | undefined>;
  const instant = (text: string | undefined) => (text === undefined ? null : (DateTimeScalar.parseValue(text) as Date));
  return { queue: queue ?? null, from: instant(from), to: instant(to) };
}
