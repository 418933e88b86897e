import type { EvalCaseRecord } from '../eval-case.record.js';
import type { Frame } from './frame.js';

/** One case, or the retraction of one, as it is stored. */
export interface StoredCase {
  readonly id: string;
  readonly revision: number;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly contentHash: string;
  readonly split: string;
  /** The canonical record, one line of JSON; null when the case was retracted. */
  readonly record: string | null;
  /** The record as it was parsed, where somebody has done so. */
  readonly parsed?: EvalCaseRecord;
}

/** What is said of a case, without what it says. */
export type CaseKey = Omit<StoredCase, 'record' | 'parsed'>;

/** The case of a line as it is stored; all that is said of it stands in its record. */
export function caseOfLine(line: string): StoredCase {
  const parsed = JSON.parse(line) as EvalCaseRecord;
  return {
    id: parsed.id,
    revision: parsed.revision,
    contentHash: parsed.content_hash,
    split: parsed.split,
    record: line,
    parsed,
  };
}

/** What is known of an export before its first case. */
export interface ExportInfo {
  /** The dataset's key: a-z, 0-9 and "-", so it can stand in any file as it is. */
  readonly dataset: string;
  /** Null for the dataset as it is now. */
  readonly snapshot: number | null;
}

export interface ExportFile {
  readonly path: string;
  readonly content: string;
}

/**
 * A line without its end and the file of cases it belongs to (left out: `casesFile`), or why this format cannot say the
 * case. Never a line that bends it. Reasons are constant texts: there may be a million of them.
 */
export type Encoded = { readonly line: string; readonly file?: string } | { readonly skipped: string };

/** Rows by file of cases. */
export type RowCounts = ReadonlyMap<string, number>;

/**
 * One way to write eval cases down: one file in this folder and one line in `index.ts`.
 *
 * What is in a case was written by strangers. `encode` must keep every string byte for byte and must not let one become
 * a template, a path, code or a name that a suite acts on. The same input must give the same bytes for ever: no clock,
 * no randomness, keys in a fixed order. A change of bytes raises `version`.
 */
export interface ExportFormat {
  readonly name: string;
  readonly version: number;
  /** Who reads it, in a few words. */
  readonly title: string;
  /** The file of the cases, one a line unless `frame` says otherwise. */
  readonly casesFile: string;
  /** Further files of cases, where a format has to part them. */
  readonly moreCasesFiles?: readonly string[];
  /**
   * The files beside them, except manifest.json, which is the same for all formats. `rows` tells how many each file of
   * cases has; empty unless `filesNeedRows`, which costs a pass over the cases.
   */
  files(info: ExportInfo, rows: RowCounts): readonly ExportFile[];
  readonly filesNeedRows?: true;
  encode(stored: StoredCase, info: ExportInfo): Encoded;
  /** The lines are the records as they are stored, but for retractions: there is no need to look at each. */
  readonly isVerbatim?: true;
  /** How the lines of one file become its bytes; left out, each is ended by a newline. */
  readonly frame?: () => Frame;
  /** The case's id in a line that `encode` wrote: where a download that was cut goes on. Left out, it starts over. */
  caseId?(line: string): string;
}

/** The names of the files beside the cases. */
export function companionsOf(format: ExportFormat): readonly string[] {
  return format.files({ dataset: 'x', snapshot: null }, new Map()).map(({ path }) => path);
}

/** Every file that holds cases, the first one first. */
export function casesFilesOf(format: ExportFormat): readonly string[] {
  return [format.casesFile, ...(format.moreCasesFiles ?? [])];
}
