/**
 * How one run of one case ended. Only PASSED and FAILED say something about the application; the others say that the
 * case was not tried: the run broke (ERRORED), it was left out (SKIPPED), or nothing was compared (UNCHECKED).
 */
export type Outcome = 'PASSED' | 'FAILED' | 'ERRORED' | 'SKIPPED' | 'UNCHECKED';

/** One result of one case, as a reader found it. */
export interface CaseResult {
  /** Null when the result names no case. */
  readonly caseId: string | null;
  /** What the runner calls it. */
  readonly name: string;
  readonly outcome: Outcome;
  /** The runner's reason, for people. */
  readonly why: string | null;
  /** Of the case that ran, where the runner kept it; it tells a run of older cases. */
  readonly contentHash: string | null;
  readonly input: string | null;
  readonly expected: string | null;
  readonly output: string | null;
}

/** What one file says. */
export interface Run {
  readonly results: readonly CaseResult[];
  /** Why the run as a whole did not end well, as sentences; none when it did. */
  readonly faults: readonly string[];
}

/** A results file: its text, and what it holds if it is JSON (one value) or JSON Lines (several). */
export interface ResultsFile {
  readonly text: string;
  readonly values: readonly unknown[] | null;
}

export interface ReadOptions {
  /** A runner that gives scores and not verdicts passed where each score is at least this: 0 to 1. */
  readonly passScore: number;
}

/** One way in which a suite writes its results down: one file `gate.<name>.ts` and one line in `gate.readers.ts`. */
export interface ResultsReader {
  readonly name: string;
  /** What people call such a file. */
  readonly reads: string;
  recognises(file: ResultsFile): boolean;
  read(file: ResultsFile, options: ReadOptions): Run;
}

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none, so that a reader can ask on. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text as it is, anything else as JSON; null for what is not there. */
export function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
