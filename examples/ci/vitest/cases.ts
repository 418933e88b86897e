import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A value with what it is said outright, so that a text that looks like JSON stays a text. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'messages'; readonly messages: readonly { readonly role: string; readonly content: string }[] }
  | { readonly kind: 'json'; readonly value: unknown };

/** One eval case; schema.json beside the export describes all of it. */
export interface EvalCase {
  /** Keep it in the name of the test: the gate finds the case by it. */
  readonly id: string;
  readonly revision: number;
  readonly content_hash: string;
  readonly input: Content;
  readonly context?: readonly unknown[];
  /** What reviewers signed. Absent when nobody said; an empty text is an expectation. */
  readonly expected?: Content;
  /** What production answered. */
  readonly observed: Content;
  readonly verdict: 'CONFIRMED' | 'CORRECTED' | 'REJECTED';
  readonly split: 'train' | 'validation' | 'test';
  readonly tags: readonly string[];
  readonly provenance: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly schema: string;
  readonly format: string;
  readonly count: number;
  readonly rows: readonly { readonly case_id: string; readonly content_hash: string }[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * The cases of a folder that `countersign export DATASET --format jsonl --out FOLDER` wrote, checked against its
 * manifest.json: every file the bytes that were exported, every case the one that the manifest lists, none more. Throws
 * when not, and when there are no cases: a test suite of none would pass.
 */
export function loadCases(folder: string): readonly EvalCase[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  if (manifest.schema !== 'countersign.manifest/1' || manifest.format !== 'jsonl') {
    throw new Error(`${folder} is no export in the format jsonl: export it with --format jsonl.`);
  }
  for (const { path, sha256 } of manifest.files) {
    const actual = createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
    if (actual !== sha256) throw new Error(`${path} is not what manifest.json says: export it again.`);
  }
  // Only "\n" ends a line: other line ends may stand inside of the texts.
  const lines = readFileSync(join(folder, 'cases.jsonl'), 'utf8').split('\n').slice(0, -1);
  const rows = lines.map((line) => JSON.parse(line) as EvalCase & { readonly schema: string });
  if (rows.length !== manifest.count) throw new Error(`cases.jsonl has ${rows.length} rows, not ${manifest.count}.`);
  for (const [i, { id }] of rows.entries()) {
    if (manifest.rows[i]?.case_id !== id)
      throw new Error(`Row ${i + 1} of cases.jsonl is not the case of manifest.json.`);
  }
  // An export of what changed since a cursor also holds retractions.
  const cases = rows.filter(({ schema }) => schema === 'countersign.eval_case/1');
  if (cases.length === 0) throw new Error(`${folder} holds no cases.`);
  return cases;
}

/** The plain value: a string, a list of messages, or whatever JSON it was. */
export function valueOf(content: Content): unknown {
  if (content.kind === 'text') return content.text;
  return content.kind === 'messages' ? content.messages : content.value;
}
