/** One case, or the retraction of one, as it is stored. */
export interface StoredCase {
  readonly id: string;
  readonly revision: number;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly contentHash: string;
  readonly split: string;
  /** The canonical record, one line of JSON; null when the case was retracted. */
  readonly record: string | null;
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

/** A line without its end, or why this format cannot say the case. Never a line that bends it. */
export type Encoded = { readonly line: string } | { readonly skipped: string };

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
  /** The file of the cases, one a line. */
  readonly casesFile: string;
  /** The files beside it, except manifest.json, which is the same for all formats. */
  files(info: ExportInfo): readonly ExportFile[];
  encode(stored: StoredCase): Encoded;
  /** The case's id in a line that `encode` wrote: where a download that was cut goes on. */
  caseId(line: string): string;
}
