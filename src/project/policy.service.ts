import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';

import { Database } from '../database/database.js';
import type { Seen } from './condition.js';
import { type CompiledPolicy, compilePolicy, type Decided, decide } from './policy.js';
import { readNewerPolicy } from './policy.sql.js';

interface Known {
  policy: CompiledPolicy | null;
  /** By this process's own clock, which nobody sets. */
  checkedAtMs: number;
  checking: Promise<CompiledPolicy | null> | null;
}

/** How long an instance goes on with the policy that it knows before it asks for a newer one. */
const FRESH_MS = 1_000;
/** A rule that breaks on everything would otherwise fill the log. */
const QUIET_MS = 60_000;

const faultCounter = new Counter({
  name: 'countersign_policy_faults_total',
  help: 'Conditions that broke on an output. Such an output is reviewed where the rule sends to review.',
  labelNames: ['rule'],
});

/**
 * The active policy of each project, compiled once per version and kept in memory.
 *
 * An instance asks the database at most once a second whether there is a newer version, when somebody flags: a saved
 * policy decides on the instance that saved it at once and everywhere within a second.
 */
@Injectable()
export class PolicyService {
  private readonly logger = new Logger(PolicyService.name);
  private readonly known = new Map<number, Known>();
  private readonly warnedAtMs = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** Null for a project that has saved no policy yet. */
  async active(projectId: number): Promise<CompiledPolicy | null> {
    const known = this.known.get(projectId) ?? { policy: null, checkedAtMs: Number.NEGATIVE_INFINITY, checking: null };
    this.known.set(projectId, known);
    if (performance.now() - known.checkedAtMs < FRESH_MS) return known.policy;
    known.checking ??= this.refresh(projectId, known).finally(() => (known.checking = null));
    return known.checking;
  }

  /** The next caller asks the database again. */
  forget(projectId: number): void {
    this.known.delete(projectId);
  }

  /** As the pure `decide`; conditions that broke are counted and written to the log. */
  decide(policy: CompiledPolicy, projectId: number, seen: Seen, externalId: string): Decided {
    const decided = decide(policy, seen, externalId);
    for (const fault of decided.faults) {
      faultCounter.inc({ rule: fault.rule });
      this.warn(projectId, policy.version, fault.rule, fault.message);
    }
    return decided;
  }

  private async refresh(projectId: number, known: Known): Promise<CompiledPolicy | null> {
    const startedAtMs = performance.now();
    const newer = await readNewerPolicy(this.database, projectId, known.policy?.version ?? 0);
    if (newer) known.policy = compilePolicy(newer.version, newer.rules);
    known.checkedAtMs = startedAtMs;
    return known.policy;
  }

  private warn(projectId: number, version: number, rule: string, message: string): void {
    const key = `${projectId} ${version} ${rule}`;
    const lastMs = this.warnedAtMs.get(key);
    if (lastMs !== undefined && performance.now() - lastMs < QUIET_MS) return;
    this.warnedAtMs.set(key, performance.now());
    this.logger.warn(
      `policy version ${version} of project ${projectId}, rule "${rule}": the condition broke: ${message}`,
    );
  }
}
