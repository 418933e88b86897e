import { setImmediate } from 'node:timers/promises';

import type { Seen } from '../project/condition.js';
import { IntakeDecision } from '../project/intake-decision.js';
import { compilePolicy, decide, type PolicyRule } from '../project/policy.js';

/** One output as the policy of its time saw it. */
export interface SeenFlag {
  [column: string]: unknown;
  readonly external_id: string;
  readonly seen: Seen;
  readonly decision: IntakeDecision;
  /** The app named the queue. */
  readonly is_named: boolean;
  /** YYYY-MM-DD */
  readonly day: string;
}

export interface RuleCount {
  outputs: number;
  broken: number;
  readonly days: Map<string, number>;
}

export interface Counts {
  outputs: number;
  reviewed: number;
  reviewedThen: number;
  named: number;
  readonly byRule: ReadonlyMap<string, RuleCount>;
}

/** Longest stretch without letting other requests run. */
const SLICE_MS = 8;

/** Puts the rules to each output, as flagging does, and lets others work in between. */
export async function countDecisions(rules: readonly PolicyRule[], flags: readonly SeenFlag[]): Promise<Counts> {
  const policy = compilePolicy(0, rules);
  const byRule = new Map(rules.map(({ name }) => [name, { outputs: 0, broken: 0, days: new Map<string, number>() }]));
  const counts: Counts = { outputs: 0, reviewed: 0, reviewedThen: 0, named: 0, byRule };
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const flag of flags) {
    if (performance.now() > sliceEndsAt) {
      await setImmediate();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
    if (flag.is_named) {
      counts.named += 1;
      continue;
    }
    const decided = decide(policy, flag.seen, flag.external_id);
    counts.outputs += 1;
    if (decided.decision === IntakeDecision.REVIEW) counts.reviewed += 1;
    if (flag.decision === IntakeDecision.REVIEW) counts.reviewedThen += 1;
    const taken = byRule.get(decided.rule)!;
    taken.outputs += 1;
    taken.days.set(flag.day, (taken.days.get(flag.day) ?? 0) + 1);
    for (const fault of decided.faults) byRule.get(fault.rule)!.broken += 1;
  }
  return counts;
}
