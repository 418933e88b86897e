import { Environment, type ParseResult } from '@marcbachmann/cel-js';

import { explain } from './condition.words.js';
import { RiskLevel } from './risk-level.js';

/**
 * The condition of a policy rule, in CEL, over what the application said of its output.
 *
 * A value that the application did not send is absent, and a condition that cannot be true without it does not match:
 * `confidence < 0.7` is not met by an output without confidence, and neither is `!(confidence < 0.7)`. As CEL has it,
 * the other side of an `||` still counts. `has(signals.x)`, `has(model.name)`, `hasConfidence` and `hasRisk` ask.
 * Anything else that goes wrong while a condition runs (a division by zero, an index past the end) is a fault: the
 * caller decides what is safe then.
 */
export interface Condition {
  readonly text: string;
  /** True or false; throws ConditionFault when the condition breaks on these values. */
  matches(values: ConditionValues): boolean;
}

/** What a condition sees, by the names that it uses; see `valuesOf`. */
export type ConditionValues = Readonly<Record<string, unknown>>;

/** What the application said of its output, without the payload. Null and empty for what it did not say. */
export interface Seen {
  readonly source: string;
  readonly model: { readonly name: string; readonly version: string } | null;
  readonly prompt: { readonly name: string; readonly version: string } | null;
  readonly confidence: number | null;
  readonly risk: RiskLevel | null;
  readonly reasons: readonly string[];
  readonly signals: readonly { readonly name: string; readonly value: number }[];
  readonly tags: readonly string[];
}

export class ConditionFault extends Error {}

/** A condition that was refused, with the place in its text, both from 1. */
export interface ConditionError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const LONGEST = 2_000;
const RANKS = Object.values(RiskLevel);
/** Risks are numbers inside conditions, so that `risk >= HIGH` means what it says. */
const RANK_OF = new Map(RANKS.map((risk, i) => [risk, BigInt(i + 1)]));

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  limits: { maxAstNodes: 500, maxDepth: 40, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 },
})
  .registerVariable('source', 'string')
  .registerVariable({ name: 'model', schema: { name: 'string', version: 'string' } })
  .registerVariable({ name: 'prompt', schema: { name: 'string', version: 'string' } })
  .registerVariable('confidence', 'double')
  .registerVariable('hasConfidence', 'bool')
  .registerVariable('risk', 'int')
  .registerVariable('hasRisk', 'bool')
  .registerVariable('reasons', 'list<string>')
  .registerVariable('signals', 'map<string, double>')
  .registerVariable('tags', 'list<string>');
for (const [name, rank] of RANK_OF) environment.registerConstant(name, 'int', rank);

/** The values of one output; made once and shown to every rule. */
export function valuesOf(seen: Seen): ConditionValues {
  const values: Record<string, unknown> = {
    source: seen.source,
    model: seen.model ?? {},
    prompt: seen.prompt ?? {},
    hasConfidence: seen.confidence !== null,
    hasRisk: seen.risk !== null,
    reasons: seen.reasons,
    // A Map, since names come from outside: an object would know `constructor` too.
    signals: new Map(seen.signals.map(({ name, value }) => [name, value])),
    tags: seen.tags,
  };
  if (seen.confidence !== null) values.confidence = seen.confidence;
  if (seen.risk !== null) values.risk = RANK_OF.get(seen.risk);
  return values;
}

/** Checked and ready to run many times, or why not. */
export function compileCondition(text: string): Condition | ConditionError {
  if (text.length > LONGEST) return { message: `is longer than ${LONGEST} characters`, line: 1, column: 1 };
  const checked = environment.check(text);
  if (!checked.valid) {
    const { summary = 'not understood', range } = (checked.error ?? {}) as CelFailure;
    return { message: explain(summary, text), ...positionIn(text, range?.start ?? 0) };
  }
  if (checked.type !== 'bool') {
    return { message: `must be true or false; it is of the type ${checked.type}`, line: 1, column: 1 };
  }
  const program = environment.parse(text);
  const slow = findSlow(program.ast as CelNode);
  if (slow) return { message: slow.message, ...positionIn(text, slow.at) };
  const ways = waysToBeTrue(program.ast as CelNode);
  const isPossible = (values: ConditionValues) => ways.some((needs) => needs.every((need) => isThere(values, need)));
  return { text, matches: (values) => isPossible(values) && run(program, values) };
}

function run(program: ParseResult, values: ConditionValues): boolean {
  try {
    return program(values as Record<string, unknown>) === true;
  } catch (error) {
    const { code, summary } = error as CelFailure;
    // Names were checked when the rule was saved, so an unknown one can only be a value that was not sent.
    if (code === 'unknown_variable' || code === 'no_such_key') return false;
    throw new ConditionFault(summary ?? String(error));
  }
}

interface CelFailure {
  readonly code?: string;
  readonly summary?: string;
  readonly range?: { readonly start: number };
}

/** The library's tree, as far as it is read here: `args` holds nodes, names and lists of nodes. */
interface CelNode {
  readonly op: string;
  readonly args: unknown;
  readonly start?: number;
}

/** Operators that fail when a side fails. `&&` and `||` are not among them. */
const STRICT = new Set(['<', '<=', '>', '>=', '==', '!=', '+', '-', '*', '/', '%', 'in', '!_', '-_']);
const MAY_BE_ABSENT = new Set(['confidence', 'risk']);
const MEMBERS_MAY_BE_ABSENT = new Set(['signals', 'model', 'prompt']);

const MOST_WAYS = 16;

/**
 * The ways in which a condition may be true, as far as is plain from its form: for each, the values that it needs.
 * Looking for them first saves the library's error for an absent value, which costs as much as thirty evaluations.
 */
function waysToBeTrue(node: CelNode): string[][] {
  const args = nodesIn(node);
  if (node.op === '||') return args.flatMap(waysToBeTrue);
  if (node.op === '&&') {
    const [left = [], right = []] = args.map(waysToBeTrue);
    const both = left.flatMap((needs) => right.map((others) => [...needs, ...others]));
    return both.length > MOST_WAYS ? [[]] : both;
  }
  return [calledName(node) === 'has' ? args.flatMap(neededToRun) : neededToRun(node)];
}

/** The values without which an expression fails: `!` makes true of false, but not of a failure. */
function neededToRun(node: CelNode): string[] {
  const args = nodesIn(node);
  if (node.op === 'id') return MAY_BE_ABSENT.has(String(node.args)) ? [String(node.args)] : [];
  if (node.op === '.' && args[0]?.op === 'id') {
    const owner = String(args[0].args);
    return MEMBERS_MAY_BE_ABSENT.has(owner) ? [`${owner}.${memberOf(node)}`] : [];
  }
  if (node.op === '||' || node.op === '&&') return args.map(neededToRun).reduce(inBoth);
  return STRICT.has(node.op) ? args.flatMap(neededToRun) : [];
}

function inBoth(left: string[], right: string[]): string[] {
  return left.filter((need) => right.includes(need));
}

function isThere(values: ConditionValues, need: string): boolean {
  const dot = need.indexOf('.');
  if (dot < 0) return Object.hasOwn(values, need);
  const owner = values[need.slice(0, dot)];
  const name = need.slice(dot + 1);
  return owner instanceof Map ? owner.has(name) : Object.hasOwn(owner as object, name);
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Conditions run for every output on the one thread, so what may take long on hostile values is refused. */
function findSlow(node: CelNode, loops = 0): { message: string; at: number } | null {
  const name = calledName(node);
  const at = node.start ?? 0;
  if (name === 'matches') {
    return { message: 'matches() may take for ever on some texts; use contains, startsWith, endsWith or in', at };
  }
  const depth = loops + (name && LOOPS.has(name) ? 1 : 0);
  if (depth > 2) return { message: 'loops are nested more than two deep', at };
  for (const child of nodesIn(node)) {
    const found = findSlow(child, depth);
    if (found) return found;
  }
  return null;
}

function calledName(node: CelNode): string | null {
  return (node.op === 'call' || node.op === 'rcall') && Array.isArray(node.args) ? String(node.args[0]) : null;
}

function memberOf(node: CelNode): string {
  return String((node.args as unknown[])[1]);
}

function nodesIn(node: CelNode): CelNode[] {
  return [node.args].flat(3).filter((arg): arg is CelNode => typeof arg === 'object' && arg !== null && 'op' in arg);
}

function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}
