import { createHash } from 'node:crypto';

import { encodeExportCursor } from './export.cursor.js';
import { DatasetHash, type ExportTarget } from './export.target.js';
import type { StoredCase } from './formats/format.js';

/** Reasons are few and cases may be many: kept as short strings that share the reason. */
interface Omitted {
  readonly case_id: string;
  readonly reason: string;
}

/**
 * manifest.json of an export: what it is, every row of the cases file in order, what was left out and why, and the hash
 * and size of every file. One entry a line, so that it can be read as it arrives; what is known only at the end of the
 * pass (counts and hashes) stands at its end.
 *
 * It is made by a pass of its own over the same target, so it also proves that a download was whole. Known limit: what
 * was skipped is held in memory until the rows are through, about 150 bytes each.
 */
export async function* manifestOf(
  target: ExportTarget,
  pages: AsyncIterable<readonly StoredCase[]>,
): AsyncGenerator<string, void> {
  const hash = new DatasetHash();
  const file = createHash('sha256');
  const skipped: Omitted[] = [];
  const retracted: { case_id: string; revision: number }[] = [];
  let rows = 0;
  let bytes = 0;
  yield opening(target);
  for await (const page of pages) {
    let lines = '';
    for (const stored of page) {
      if (stored.record === null) retracted.push({ case_id: stored.id, revision: stored.revision });
      else hash.add(stored);
      const encoded = target.format.encode(stored);
      if ('skipped' in encoded) {
        if (stored.record !== null) skipped.push({ case_id: stored.id, reason: encoded.skipped });
        continue;
      }
      rows += 1;
      bytes += Buffer.byteLength(encoded.line) + 1;
      file.update(encoded.line).update('\n');
      lines += `${rows === 1 ? '' : ','}\n    ${rowOf(rows, stored)}`;
    }
    if (lines) yield lines;
  }
  yield `${rows === 0 ? '' : '\n  '}],\n`;
  yield `  "skipped": ${listOf(skipped)},\n`;
  yield `  "retracted": ${listOf(retracted)},\n`;
  yield `  "count": ${rows},\n`;
  // Of a part there is no dataset hash: it would look like one of a whole.
  yield `  "dataset_hash": ${target.since === 0 ? `"sha256:${hash.digest().toString('hex')}"` : 'null'},\n`;
  const cases = { path: target.format.casesFile, sha256: file.digest('hex'), bytes, rows };
  yield `  "files": ${listOf([cases, ...companions(target)])}\n}\n`;
}

function opening(target: ExportTarget): string {
  const fields = {
    schema: 'countersign.manifest/1',
    dataset: target.dataset,
    snapshot: target.snapshot,
    at: encodeExportCursor(target.datasetId, target.at),
    since: target.since === 0 ? null : encodeExportCursor(target.datasetId, target.since),
    format: target.format.name,
    format_version: target.format.version,
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  return `{\n${lines.join('')}  "rows": [`;
}

function rowOf(row: number, { id, revision, contentHash, split }: StoredCase): string {
  return JSON.stringify({ row, case_id: id, revision, content_hash: contentHash, split });
}

function listOf(entries: readonly object[]): string {
  if (entries.length === 0) return '[]';
  return `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
}

function companions(target: ExportTarget): object[] {
  return target.format.files(target).map(({ path, content }) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
  }));
}
