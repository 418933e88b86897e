import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { type Fault, refuseFaults } from '../project/fault.js';
import { checkPolicy, type PolicyRule } from '../project/policy.js';
import { queueFaults } from '../project/policy.queues.js';
import { readQueueKeys } from '../project/policy.sql.js';
import { countOf, percentile } from './histogram.js';
import { eachDay, wholeDays } from './period.js';
import type { DryRunQueue, DryRunRule, PolicyDryRun } from './policy-dry-run.js';
import { countDecisions, type Counts, type SeenFlag } from './policy-dry-run.count.js';
import { ESTIMATE, flagsSql, REVIEW_TIMES } from './policy-dry-run.sql.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Outputs that a dry run looks at: about so many where there are more than twice as many. */
const ENOUGH = 10_000;
const MOST_READ = 2 * ENOUGH;
const MOST_LOOKS = 5;
const MOST_AT_ONCE = 2;

interface Sampled {
  readonly flags: readonly SeenFlag[];
  readonly share: number;
}

interface TimesRow {
  [column: string]: unknown;
  key: string;
  reviews_required: number;
  bucket: number | null;
  n: number | null;
}

/**
 * Puts rules to what was flagged in the last days, from what the flags keep of what a policy sees.
 *
 * Bounded: up to 20,000 outputs are all looked at, of more about 10,000, drawn as pages of the table, and the answer says
 * which share that is; the reads have five seconds, and two dry runs at a time are enough for one process.
 * Known limit: a median leaves the long reviews out, so hours are what typical reviews would take.
 */
@Injectable()
export class PolicyDryRunService {
  private running = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'passRetentionDays'>,
    private readonly database: Database,
  ) {}

  async run(projectId: number, { rules: value, days }: { rules: unknown; days: number }): Promise<PolicyDryRun> {
    const faults: Fault[] = [];
    const path = ['input', 'rules'];
    const rules = checkPolicy(value, path, faults);
    refuseFaults([...faults, ...queueFaults(rules, await readQueueKeys(this.database, projectId), path)]);
    if (this.running >= MOST_AT_ONCE) {
      throw new Refusal('OVERLOADED', 'Other dry runs are under way; try again shortly.', { retryAfterSeconds: 2 });
    }
    this.running += 1;
    try {
      return await this.answer(projectId, rules, days);
    } finally {
      this.running -= 1;
    }
  }

  private async answer(projectId: number, rules: readonly PolicyRule[], days: number): Promise<PolicyDryRun> {
    const [{ now } = { now: new Date() }] = await this.database.query<{ now: Date }>('SELECT now() AS now');
    const { flags, share } = await this.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '5s'`);
      return readFlags(tx, projectId, days);
    });
    const counts = await countDecisions(rules, flags);
    const period = { from: new Date(now.getTime() - days * DAY_MS), to: now };
    const estimated = estimator(share);
    const answered = rules.map((rule) => toRule(rule, counts, eachDay(wholeDays(period)), estimated));
    return {
      ...period,
      sampleRate: share,
      sampled: flags.length,
      outputs: estimated(counts.outputs),
      reviewed: estimated(counts.reviewed),
      reviewedThen: estimated(counts.reviewedThen),
      named: estimated(counts.named),
      passesKeptSince: new Date(now.getTime() - this.config.passRetentionDays * DAY_MS),
      rules: answered,
      queues: await this.queuesOf(projectId, answered),
    };
  }

  private async queuesOf(projectId: number, rules: readonly DryRunRule[]): Promise<DryRunQueue[]> {
    const keys = [...new Set(rules.flatMap(({ queue }) => queue ?? []))];
    const rows = await this.database.query<TimesRow>(REVIEW_TIMES, [projectId, keys]);
    return [...new Set(rows.map(({ key }) => key))].map((key) => {
      const own = rows.filter((row) => row.key === key);
      const outputs = rules.filter(({ queue }) => queue === key).reduce((sum, rule) => sum + rule.outputs, 0);
      const times = new Map(own.flatMap(({ bucket, n }) => (bucket === null || n === null ? [] : [[bucket, n]])));
      const reviewMedianMs = percentile(times, 0.5);
      const reviewsEach = own[0]!.reviews_required;
      const reviewHours = reviewMedianMs === null ? null : (outputs * reviewsEach * reviewMedianMs) / HOUR_MS;
      return { key, outputs, reviewsEach, reviewMedianMs, reviewsMeasured: countOf(times), reviewHours };
    });
  }
}

const estimator = (share: number) => (counted: number) => Math.round(counted / share);

function toRule(rule: PolicyRule, counts: Counts, days: readonly Date[], estimated: (n: number) => number): DryRunRule {
  const count = counts.byRule.get(rule.name)!;
  return {
    name: rule.name,
    decision: rule.decision,
    queue: rule.queue ?? null,
    outputs: estimated(count.outputs),
    broken: estimated(count.broken),
    days: days.map((day) => ({ day, outputs: estimated(count.days.get(day.toISOString().slice(0, 10)) ?? 0) })),
  };
}

/** All of them where they are few; else a share of which there are enough. The planner's estimate may be wrong. */
async function readFlags(tx: Queryable, projectId: number, days: number): Promise<Sampled> {
  const [plan] = await tx.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(ESTIMATE, [projectId, days]);
  const likely = plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  let share = likely <= MOST_READ ? 1 : ENOUGH / likely;
  for (let look = 0; look < MOST_LOOKS; look++) {
    const flags = await tx.query<SeenFlag>(flagsSql(share), [projectId, days, MOST_READ + 1]);
    if (flags.length <= MOST_READ) return { flags, share };
    share /= 4;
  }
  throw new Refusal('OVERLOADED', 'There are too many outputs to look at; ask for fewer days.', {
    retryAfterSeconds: 60,
  });
}
