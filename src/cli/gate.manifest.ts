import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { UsageError, whyNot } from './failure.js';
import { visible } from './gate.excerpt.js';
import { type CaseDetails, detailsOf } from './gate.cases.js';

interface Row {
  /** The file of cases that it stands in, where there are several. */
  readonly file?: string;
  readonly case_id: string;
  readonly revision: number;
  readonly content_hash: string;
  readonly split: string;
}

interface Manifest {
  readonly schema: string;
  readonly dataset: string;
  readonly snapshot: number | null;
  readonly since: string | null;
  readonly format: string;
  readonly dataset_hash: string | null;
  readonly rows: readonly Row[];
  readonly skipped: readonly { readonly reason: string }[];
  readonly retracted: readonly { readonly case_id: string }[];
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly rows?: number }[];
}

export interface WantedCase extends CaseDetails {
  readonly id: string;
  readonly contentHash: string;
}

/** What an export holds, and so what a run must have tried. */
export interface Wanted {
  /** For people: the dataset and its state. */
  readonly title: string;
  readonly dataset: string;
  readonly datasetHash: string | null;
  /** By id, in the order of the export. */
  readonly cases: ReadonlyMap<string, WantedCase>;
  /** Cases of the export that may run and need not. */
  readonly optional: ReadonlySet<string>;
  /** Things that are as they should be and that people should know. */
  readonly notes: readonly string[];
  /** Why the exported files cannot be what ran, as sentences. */
  readonly faults: readonly string[];
}

interface Beside {
  readonly details: ReadonlyMap<string, CaseDetails>;
  readonly faults: string[];
  readonly note: string | null;
}

/** Reads manifest.json, or the folder that it is in, and the cases beside it as far as they are there. */
export async function readWanted(path: string): Promise<Wanted> {
  const file = (await stat(path).catch(() => null))?.isDirectory() ? join(path, 'manifest.json') : path;
  const manifest = parse(file, await readFile(file, 'utf8').catch((error: unknown) => refuse(file, whyNot(error))));
  const retracted = new Set(manifest.retracted.map((row) => row.case_id));
  const { details, faults, note } = await readDetails(dirname(file), manifest);
  const rows = manifest.rows.filter((row) => !retracted.has(row.case_id));
  return {
    title: `${visible(manifest.dataset)}${manifest.snapshot === null ? '' : ` snapshot ${manifest.snapshot}`}`,
    dataset: manifest.dataset,
    datasetHash: manifest.dataset_hash,
    cases: new Map(rows.map((row) => [row.case_id, wantedCase(row, details)])),
    optional: new Set(),
    notes: [...notesOf(manifest), ...(note === null ? [] : [note])],
    faults,
  };
}

/** The same without the cases for which nobody said what is right: some suites cannot judge them. */
export function withExpected(wanted: Wanted): Wanted {
  const all = [...wanted.cases];
  const optional = all.filter(([, { expected }]) => expected === null).map(([id]) => id);
  if (optional.length === all.length && all.length > 0) {
    throw new UsageError('--expected-only: the cases beside the manifest do not tell what is expected.');
  }
  return {
    ...wanted,
    cases: new Map(all.filter(([, { expected }]) => expected !== null)),
    optional: new Set(optional),
    notes: [...wanted.notes, `${optional.length} cases without an expected output are not asked for.`],
  };
}

function wantedCase(row: Row, details: ReadonlyMap<string, CaseDetails>): WantedCase {
  const found = details.get(row.case_id) ?? { input: null, expected: null, labels: new Map<string, string[]>() };
  const labels = new Map([...found.labels, ['split', [row.split]]]);
  return { id: row.case_id, contentHash: row.content_hash, input: found.input, expected: found.expected, labels };
}

function parse(file: string, text: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    return refuse(file, 'it is not JSON; export again');
  }
  const lists = [manifest.rows, manifest.skipped, manifest.retracted, manifest.files];
  if (manifest.schema !== 'countersign.manifest/1' || !lists.every((list) => Array.isArray(list))) {
    return refuse(file, 'it is no manifest that this version knows');
  }
  return manifest as Manifest;
}

function refuse(file: string, reason: string): never {
  throw new UsageError(`--manifest ${file}: ${reason}. "countersign export" writes it.`);
}

/** The cases beside the manifest, for excerpts and slices; and whether they are still what was exported. */
async function readDetails(folder: string, { files, rows }: Manifest): Promise<Beside> {
  const details = new Map<string, CaseDetails>();
  const faults: string[] = [];
  let note: string | null = null;
  for (const { path, sha256, rows: count } of files) {
    if (count === undefined) continue;
    const bytes = await readFile(join(folder, path)).catch(() => null);
    if (bytes === null) note = 'The cases are not beside the manifest, so little is shown of them.';
    else if (createHash('sha256').update(bytes).digest('hex') === sha256) {
      const ids = rows.filter(({ file = path }) => file === path).map((row) => row.case_id);
      for (const [id, found] of detailsOf(bytes, ids)) details.set(id, found);
    } else
      faults.push(
        `${visible(path)} is not what manifest.json says: it was changed after the export, so what ran is unknown.`,
      );
  }
  return { details, faults, note };
}

function notesOf({ skipped, retracted, since }: Manifest): string[] {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [
    ...[...reasons].map(([reason, count]) => `${count} cases are not in this export: ${visible(reason)}.`),
    ...(retracted.length > 0 ? [`${retracted.length} cases were retracted.`] : []),
    ...(since === null ? [] : ['The export holds only what changed since an earlier one, and so does this gate.']),
  ];
}
