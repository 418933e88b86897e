import { excerpt, visible } from './gate.excerpt.js';
import type { Wanted, WantedCase } from './gate.manifest.js';
import type { CaseResult, Outcome, Run } from './gate.result.js';

export const EXIT = { PASSED: 0, FAILED: 1, USAGE: 2, INCOMPLETE: 3 } as const;

export interface Rules {
  /** Share of the cases that must pass, 0 to 1, overall and in every slice. */
  readonly minPassRate: number;
  /** Results that each case must have. */
  readonly repeats: number;
  /** How many of them must have passed for the case to pass. */
  readonly repeatsToPass: number;
  /** Labels to slice by. */
  readonly slices: readonly string[];
  /** An export without cases is well. */
  readonly allowEmpty: boolean;
}

export interface CaseVerdict {
  readonly case: WantedCase;
  readonly state: 'PASSED' | 'FAILED' | 'INCOMPLETE';
  /** Why the case was not tried as it must be, as sentences. */
  readonly problems: readonly string[];
  readonly results: readonly CaseResult[];
}

export interface Rate {
  readonly name: string;
  readonly passed: number;
  readonly total: number;
  readonly isEnough: boolean;
}

export interface Verdict {
  readonly exitCode: (typeof EXIT)[keyof typeof EXIT];
  readonly cases: readonly CaseVerdict[];
  /** What is wrong with the run apart from single cases, as sentences. */
  readonly faults: readonly string[];
  readonly overall: Rate;
  readonly slices: readonly Rate[];
}

/** A results file by the name that people gave it. */
export interface NamedRun extends Run {
  readonly path: string;
}

/**
 * Whether a run proves what the manifest asks: every case tried exactly as often as it must be, by a check that compared
 * something, and no other case. Only then do pass rates mean anything, so whatever is incomplete weighs more than what
 * failed: a green rate over cases that did not run is what this gate is for.
 */
export function judgeRun(wanted: Wanted, runs: readonly NamedRun[], rules: Rules): Verdict {
  const results = runs.flatMap((run) => run.results);
  const byCase = grouped(results, ({ caseId }) => [caseId]);
  const cases = [...wanted.cases.values()].map((one) => caseVerdict(one, byCase.get(one.id) ?? [], rules));
  const faults = [
    ...wanted.faults,
    ...(wanted.cases.size === 0 && !rules.allowEmpty
      ? ['The export holds no cases, so there is nothing to prove (--allow-empty lets it pass).']
      : []),
    ...runs.flatMap(({ path, faults: own }) => own.map((fault) => `${visible(path)}: ${fault}`)),
    ...strangers(wanted, results),
  ];
  const overall = rateOf('all', cases, rules.minPassRate);
  const slices = rules.slices.flatMap((name) => sliceRates(name, cases, rules.minPassRate));
  const isIncomplete = faults.length > 0 || cases.some(({ state }) => state === 'INCOMPLETE');
  const isEnough = [overall, ...slices].every((rate) => rate.isEnough);
  const exitCode = isIncomplete ? EXIT.INCOMPLETE : isEnough ? EXIT.PASSED : EXIT.FAILED;
  return { exitCode, cases, faults, overall, slices };
}

const NOT_TRIED: Readonly<Partial<Record<Outcome, string>>> = {
  ERRORED: 'It broke before it could be judged.',
  SKIPPED: 'It was skipped.',
  UNCHECKED: 'Nothing was checked: the test has no assertion or score.',
};

function caseVerdict(wanted: WantedCase, results: readonly CaseResult[], rules: Rules): CaseVerdict {
  const problems: string[] = [];
  if (results.length === 0) problems.push('It did not run.');
  else if (results.length !== rules.repeats) problems.push(countProblem(results.length, rules.repeats));
  for (const outcome of new Set(results.map((result) => result.outcome))) {
    const sentence = NOT_TRIED[outcome];
    if (sentence) problems.push(sentence);
  }
  if (results.some(({ contentHash }) => contentHash !== null && contentHash !== wanted.contentHash)) {
    problems.push('Another revision of it ran than the manifest lists: export and run again.');
  }
  const passed = results.filter(({ outcome }) => outcome === 'PASSED').length;
  const state = problems.length > 0 ? 'INCOMPLETE' : passed >= rules.repeatsToPass ? 'PASSED' : 'FAILED';
  return { case: wanted, state, problems, results };
}

function countProblem(count: number, repeats: number): string {
  const hint = repeats === 1 ? `: run each once, or say --repeats ${count}` : '';
  return `It has ${count} results and must have ${repeats}${hint}.`;
}

function strangers(wanted: Wanted, results: readonly CaseResult[]): string[] {
  const isKnown = (id: string) => wanted.cases.has(id) || wanted.optional.has(id);
  const extra = new Set(results.flatMap(({ caseId }) => (caseId === null || isKnown(caseId) ? [] : [caseId])));
  const unnamed = results.filter(({ caseId }) => caseId === null);
  return [
    ...[...extra].map((id) => `A case ran that the manifest does not list: ${excerpt(id)}`),
    ...unnamed.map(({ name, outcome, why }) => {
      const reason = why === null ? '' : `: ${excerpt(why)}`;
      return `A result names no case: ${excerpt(name)} (${outcome.toLowerCase()})${reason}`;
    }),
  ];
}

function rateOf(name: string, cases: readonly CaseVerdict[], minPassRate: number): Rate {
  const passed = cases.filter(({ state }) => state === 'PASSED').length;
  return { name, passed, total: cases.length, isEnough: cases.length === 0 || passed / cases.length >= minPassRate };
}

/** A case with several values, such as tags, counts in each; one without any in "(none)". */
function sliceRates(label: string, cases: readonly CaseVerdict[], minPassRate: number): Rate[] {
  const members = grouped(cases, (one) => one.case.labels.get(label) ?? ['(none)']);
  return [...members].sort().map(([value, slice]) => rateOf(`${label} = ${value}`, slice, minPassRate));
}

function grouped<Key, Member>(all: readonly Member[], keysOf: (one: Member) => readonly Key[]): Map<Key, Member[]> {
  const groups = new Map<Key, Member[]>();
  for (const one of all) {
    for (const key of keysOf(one)) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  }
  return groups;
}
