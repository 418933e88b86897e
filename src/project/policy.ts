import { hash } from 'node:crypto';

import {
  type Condition,
  type ConditionError,
  compileCondition,
  ConditionFault,
  type ConditionValues,
  type Seen,
  valuesOf,
} from './condition.js';
import { IntakeDecision } from './intake-decision.js';
import { type Fault, type Path } from './fault.js';
import { readList, Shape } from './shape.js';

/** One rule as it is stored: `decision` and `sample` are always there. */
export interface PolicyRule {
  readonly name: string;
  /** CEL, see condition.ts. Absent: every output. */
  readonly when?: string;
  /** The share of matching outputs that the rule takes, above 0 to 1. The others go on to the next rule. */
  readonly sample: number;
  readonly decision: IntakeDecision;
  /** A queue's key; with REVIEW only. */
  readonly queue?: string;
  /** 0 to 9, higher is sooner. */
  readonly priority?: number;
  readonly dueInSeconds?: number;
}

/** What a policy says of one output. */
export interface Decided {
  readonly decision: IntakeDecision;
  readonly policyVersion: number;
  /** The rule that decided, by name. */
  readonly rule: string;
  /** The queue's key; null for PASS. */
  readonly queue: string | null;
  /** What the rule says; null leaves it to the application and the queue. */
  readonly priority: number | null;
  readonly dueInSeconds: number | null;
  /** Rules whose condition broke on this output, for the log and a counter. Nearly always empty. */
  readonly faults: readonly RuleFault[];
}

export interface RuleFault {
  readonly rule: string;
  readonly message: string;
}

export interface CompiledPolicy {
  readonly version: number;
  readonly rules: readonly CompiledRule[];
}

interface CompiledRule {
  readonly rule: PolicyRule;
  readonly condition: Condition | null;
}

const MOST_RULES = 100;
const MOST_SECONDS = 31_536_000;
const KNOWN = ['name', 'when', 'sample', 'decision', 'queue', 'priority', 'dueInSeconds'];
const NO_FAULTS: readonly RuleFault[] = [];

/**
 * Reads rules as a manager wrote them. Every fault is put in `faults`, with its place inside a condition; what comes
 * back is a policy only if none was added. Whether the queues exist is for whoever knows them.
 */
export function checkPolicy(value: unknown, path: Path, faults: Fault[]): PolicyRule[] {
  const entries = readList(value, path, faults, MOST_RULES);
  const rules = entries.map((entry) => readRule(entry.value, entry.path, faults));
  checkNames(rules, path, faults);
  if (Array.isArray(value) && value.length === 0) faults.push({ path, message: 'needs at least one rule' });
  rules.forEach((rule, i) => {
    const isLast = i === rules.length - 1;
    if (rule && isLast && !takesAll(rule)) {
      faults.push({ path: [...path, i], message: 'the last rule is the default: it has neither `when` nor `sample`' });
    } else if (rule && !isLast && takesAll(rule)) {
      faults.push({
        path: [...path, i],
        message: `rule "${rule.name}" takes every output, so the rules after it are never reached; give it a \`when\``,
      });
    }
  });
  return rules.filter((rule) => rule !== null);
}

function takesAll(rule: PolicyRule): boolean {
  return rule.when === undefined && rule.sample === 1;
}

function readRule(value: unknown, path: Path, faults: Fault[]): PolicyRule | null {
  const faultsBefore = faults.length;
  const shape = Shape.read(value, path, faults, KNOWN);
  if (!shape) return null;
  const when = shape.text('when', { max: 2_000, lines: true });
  const sample = shape.number('sample', { min: 0, max: 1 }) ?? 1;
  if (sample === 0) shape.fault('sample', 'must be more than 0; leave the rule out instead');
  const queue = shape.key('queue', false);
  const decision = readDecision(shape);
  const rule: PolicyRule = {
    name: shape.text('name', { required: true, max: 100 }) ?? '',
    ...(when !== undefined && { when }),
    sample,
    decision,
    ...(queue !== undefined && { queue }),
    ...withNumber('priority', shape.integer('priority', { min: 0, max: 9 })),
    ...withNumber('dueInSeconds', shape.integer('dueInSeconds', { min: 1, max: MOST_SECONDS, unit: 'seconds' })),
  };
  if (when !== undefined) {
    const compiled = compileCondition(when);
    if (isError(compiled)) {
      const { message, line, column } = compiled;
      faults.push({ path: [...path, 'when'], message: `rule "${rule.name}": ${message}`, line, column });
    }
  }
  // What a faulty rule would take is not known; it is not blamed for that too.
  return faults.length > faultsBefore ? null : rule;
}

function readDecision(shape: Shape): IntakeDecision {
  const hasQueue = shape.has('queue');
  const allowed = Object.values(IntakeDecision);
  const written = shape.choice('decision', allowed, !hasQueue);
  const decision = written ?? (hasQueue ? IntakeDecision.REVIEW : IntakeDecision.PASS);
  if (decision === IntakeDecision.REVIEW && !hasQueue && written) shape.fault('queue', 'is required with REVIEW');
  for (const key of ['queue', 'priority', 'dueInSeconds']) {
    if (decision === IntakeDecision.PASS && shape.has(key)) shape.fault(key, 'means nothing with PASS');
  }
  return decision;
}

function withNumber<Name extends string>(name: Name, value: number | undefined): { [key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: number });
}

function checkNames(rules: readonly (PolicyRule | null)[], path: Path, faults: Fault[]): void {
  const first = new Map<string, number>();
  rules.forEach((rule, i) => {
    if (!rule) return;
    const earlier = first.get(rule.name);
    if (earlier === undefined) first.set(rule.name, i);
    else faults.push({ path: [...path, i, 'name'], message: `"${rule.name}" is the name of rule ${earlier + 1} too` });
  });
}

/** Rules that were checked when they were saved, made ready to decide. */
export function compilePolicy(version: number, rules: readonly PolicyRule[]): CompiledPolicy {
  return { version, rules: rules.map((rule) => ({ rule, condition: rule.when === undefined ? null : ready(rule) })) };
}

function ready(rule: PolicyRule): Condition {
  const compiled = compileCondition(rule.when ?? '');
  if (!isError(compiled)) return compiled;
  // Only after an upgrade that understands less than the version which saved the rule.
  return {
    text: rule.when ?? '',
    matches: () => {
      throw new ConditionFault(compiled.message);
    },
  };
}

function isError(compiled: Condition | ConditionError): compiled is ConditionError {
  return 'message' in compiled;
}

/**
 * The first rule that matches and whose sample holds the output decides. The same output meets the same decision, on
 * every instance and at every repetition.
 *
 * A condition that breaks counts as met when its rule sends to review, and as not met when it would let pass: a fault
 * may cost a person a look, and never loses an output that should have been seen.
 */
export function decide(policy: CompiledPolicy, seen: Seen, externalId: string): Decided {
  const values = valuesOf(seen);
  let faults: RuleFault[] | undefined;
  for (const { rule, condition } of policy.rules) {
    const outcome = condition === null ? true : met(condition, values);
    if (typeof outcome === 'object') (faults ??= []).push({ rule: rule.name, message: outcome.message });
    const matches = typeof outcome === 'object' ? rule.decision === IntakeDecision.REVIEW : outcome;
    if (!matches || (rule.sample < 1 && !isSampled(rule.name, rule.sample, externalId))) continue;
    return {
      decision: rule.decision,
      policyVersion: policy.version,
      rule: rule.name,
      queue: rule.queue ?? null,
      priority: rule.priority ?? null,
      dueInSeconds: rule.dueInSeconds ?? null,
      faults: faults ?? NO_FAULTS,
    };
  }
  throw new Error(`policy version ${policy.version} has no default rule`);
}

function met(condition: Condition, values: ConditionValues): boolean | ConditionFault {
  try {
    return condition.matches(values);
  } catch (error) {
    if (error instanceof ConditionFault) return error;
    throw error;
  }
}

/**
 * Whether a rule takes this output: the first 32 bits of SHA-256(rule name, NUL, external id), as a fraction, are below
 * the sample. Two rules sample independently; raising a rate keeps all that the lower rate took.
 */
export function isSampled(rule: string, sample: number, externalId: string): boolean {
  const digest = hash('sha256', `${rule}\u0000${externalId}`, 'hex');
  return Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32 < sample;
}
