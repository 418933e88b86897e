import { Injectable } from '@nestjs/common';

import { percentile } from './histogram.js';
import type { QueuePeriodArgs } from './insight.input.js';
import { type Scope, Scopes } from './insight.scope.js';
import { eachDay, wholeDays } from './period.js';
import {
  type OutcomeCounts,
  type QueueFlow,
  type QueueTrends,
  VersionKind,
  type VersionTrend,
} from './queue-trends.js';
import { groupSums, Sums } from './sums.js';
import { QUEUE_MEASURES, VERSION_MEASURES } from './tally.js';
import { type Sum, TallyQueries } from './tally.queries.js';

const MOST_VERSIONS = 50;
const HOUR_MS = 3_600_000;
/** What has to have been seen before a rate is told. */
const FEWEST_HOURS = 1;

/** How a queue, or all of them, do over time, from the sums by day. */
@Injectable()
export class QueueTrendsService {
  constructor(
    private readonly scopes: Scopes,
    private readonly tallies: TallyQueries,
  ) {}

  async of(projectId: number, args: QueuePeriodArgs): Promise<QueueTrends> {
    const scope = await this.scopes.ofSome(projectId, args);
    const days = { ...scope, ...wholeDays(scope) };
    const rows = await this.tallies.byDay(days, QUEUE_MEASURES);
    const models = await this.tallies.versionsByDay(days, VERSION_MEASURES.MODEL, MOST_VERSIONS);
    const prompts = await this.tallies.versionsByDay(days, VERSION_MEASURES.PROMPT, MOST_VERSIONS);
    const open = await this.tallies.open(days);
    const byDay = groupSums(rows, (row) => row.day);
    const total = toFlow(groupSums(rows, () => '').get('') ?? new Sums());
    const rates = ratesOf(total, days);
    const { resolutionsPerHour: rate } = rates;
    return {
      from: days.from,
      to: days.to,
      ...total,
      ...rates,
      open,
      expectedWaitSeconds: rate ? (open / rate) * 3_600 : null,
      days: eachDay(days).map((day) => ({ day, ...toFlow(byDay.get(keyOf(day)) ?? new Sums()) })),
      versions: [...toVersions(VersionKind.MODEL, models), ...toVersions(VersionKind.PROMPT, prompts)],
    };
  }
}

const keyOf = (day: Date): string => day.toISOString().slice(0, 10);

function ratesOf({ arrived, resolved }: QueueFlow, { from, to, now, queueCreatedAt }: Scope) {
  const start = Math.max(from.getTime(), queueCreatedAt.getTime());
  const hours = (Math.min(to.getTime(), now.getTime()) - start) / HOUR_MS;
  // Stretched to an hour, the first minutes of a queue promise what never comes.
  if (hours < FEWEST_HOURS) return { arrivalsPerHour: null, resolutionsPerHour: null };
  return { arrivalsPerHour: arrived / hours, resolutionsPerHour: resolved / hours };
}

function toFlow(sums: Sums): QueueFlow {
  const [resolutions, reviews] = [sums.histogram('RESOLVED_MS'), sums.histogram('REVIEW_MS')];
  return {
    arrived: sums.count('ARRIVED'),
    resolved: sums.count('RESOLVED_MS'),
    withdrawn: sums.count('WITHDRAWN'),
    reviews: sums.count('REVIEW_MS'),
    resolutionMedianMs: percentile(resolutions, 0.5),
    resolutionP90Ms: percentile(resolutions, 0.9),
    reviewMedianMs: percentile(reviews, 0.5),
    reviewP90Ms: percentile(reviews, 0.9),
  };
}

function toVersions(kind: VersionKind, rows: readonly Sum[]): VersionTrend[] {
  return [...new Set(rows.map(({ subject }) => subject))].map((subject) => {
    const [name, version] = JSON.parse(subject) as [string, string];
    const own = rows.filter((row) => row.subject === subject);
    const days = [...groupSums(own, (row) => row.day)];
    return {
      kind,
      version: { name, version },
      ...toOutcomes(kind, groupSums(own, () => '').get('')!),
      days: days.map(([day, sums]) => ({ day: new Date(`${day}T00:00:00Z`), ...toOutcomes(kind, sums) })),
    };
  });
}

function toOutcomes(kind: VersionKind, sums: Sums): OutcomeCounts {
  const confirmed = sums.count(`${kind}_CONFIRMED`);
  const corrected = sums.count(`${kind}_CORRECTED`);
  const rejected = sums.count(`${kind}_REJECTED`);
  const all = confirmed + corrected + rejected;
  return { confirmed, corrected, rejected, correctionRate: all === 0 ? null : corrected / all };
}
