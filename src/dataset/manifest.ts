import { createHash, type Hash } from 'node:crypto';

import { encodeExportCursor } from './export.cursor.js';
import { DatasetHash, type ExportTarget } from './export.target.js';
import { type CaseKey, casesFilesOf, type RowCounts, type StoredCase } from './formats/format.js';
import { BATCH_CHARACTERS, FramedLines, jsonLinesFrame, type Piece } from './formats/frame.js';

type Pages = AsyncIterable<Iterable<StoredCase>>;

/**
 * manifest.json of an export: what it is, every row of the cases file in order, what was left out and why, and the hash
 * and size of every file. One entry a line, so that it can be read as it arrives; what is known only at the end of the
 * pass (counts and hashes) stands at its end.
 *
 * It is made by a pass of its own over the same target, so it also proves that a download was whole. What was left out is
 * not kept in memory: where there is any, further passes find it again, in the same order.
 */
export async function* manifestOf(target: ExportTarget, read: () => Pages): AsyncGenerator<string, void> {
  const { format } = target;
  const hash = new DatasetHash();
  const files = new Map(
    casesFilesOf(format).map((path) => [
      path,
      new CasesFile(path, new FramedLines((format.frame ?? jsonLinesFrame)())),
    ]),
  );
  let [count, skipped, retracted] = [0, 0, 0];
  yield opening(target);
  for await (const page of read()) {
    let text = '';
    for (const stored of page) {
      if (stored.record === null) retracted += 1;
      else hash.add(stored);
      const encoded = format.encode(stored, target);
      if ('skipped' in encoded) {
        if (stored.record !== null) skipped += 1;
        continue;
      }
      const file = files.get(encoded.file ?? format.casesFile);
      if (!file) throw new TypeError(`Format ${format.name} wrote to a file that it does not list.`);
      count += 1;
      text += `${count === 1 ? '' : ','}\n    ${rowOf(stored, file.add(encoded.line), files.size > 1 ? file.path : null)}`;
    }
    if (text) yield text;
  }
  yield `${count === 0 ? '' : '\n  '}],\n`;
  yield* list('skipped', skipped === 0 ? null : read(), (stored) => reasonOf(stored, target));
  yield* list('retracted', retracted === 0 ? null : read(), ({ id, revision, record }) =>
    record === null ? { case_id: id, revision } : null,
  );
  yield closing(target, hash, [...files.values()]);
}

/** The same for a format whose file is the records as they are stored: they are hashed, and not looked at. */
export async function* manifestOfStored(
  target: ExportTarget,
  keys: AsyncIterable<Iterable<CaseKey>>,
  lines: AsyncIterable<Buffer>,
): AsyncGenerator<string, void> {
  const hash = new DatasetHash();
  const file = new CasesFile(target.format.casesFile);
  yield opening(target);
  for await (const page of keys) {
    let text = '';
    for (const key of page) {
      hash.add(key);
      file.rows += 1;
      text += `${file.rows === 1 ? '' : ','}\n    ${rowOf(key, file.rows, null)}`;
      if (text.length < BATCH_CHARACTERS) continue;
      yield text;
      text = '';
    }
    if (text) yield text;
  }
  for await (const bytes of lines) file.count(bytes);
  yield `${file.rows === 0 ? '' : '\n  '}],\n  "skipped": [],\n  "retracted": [],\n`;
  yield closing(target, hash, [file]);
}

function closing(target: ExportTarget, hash: DatasetHash, files: readonly CasesFile[]): string {
  const cases = files.map((file) => file.finish());
  const counts = new Map(files.map((file) => [file.path, file.rows]));
  const count = files.reduce((sum, file) => sum + file.rows, 0);
  // Of a part there is no dataset hash: it would look like one of a whole.
  const whole = target.since === 0 ? `"sha256:${hash.digest().toString('hex')}"` : 'null';
  const list = listOf([...cases, ...companions(target, counts)]);
  return `  "count": ${count},\n  "dataset_hash": ${whole},\n  "files": ${list}\n}\n`;
}

function reasonOf(stored: StoredCase, target: ExportTarget): object | null {
  if (stored.record === null) return null;
  const encoded = target.format.encode(stored, target);
  return 'skipped' in encoded ? { case_id: stored.id, reason: encoded.skipped } : null;
}

/** A property whose list is what the cases give an entry for; empty without pages. */
async function* list(
  name: string,
  pages: Pages | null,
  entryOf: (stored: StoredCase) => object | null,
): AsyncGenerator<string, void> {
  let isFirst = true;
  yield `  "${name}": [`;
  for await (const page of pages ?? []) {
    let text = '';
    for (const stored of page) {
      const entry = entryOf(stored);
      if (entry) text += `${isFirst ? '' : ','}\n    ${JSON.stringify(entry)}`;
      if (entry) isFirst = false;
    }
    if (text) yield text;
  }
  yield `${isFirst ? '' : '\n  '}],\n`;
}

/** What becomes of one file of cases, without keeping it. */
class CasesFile {
  private readonly sum: Hash = createHash('sha256');
  private bytes = 0;
  rows = 0;

  constructor(
    readonly path: string,
    private readonly lines = new FramedLines(jsonLinesFrame()),
  ) {
    this.count(this.lines.start());
  }

  /** Returns the row that the line is, from 1. */
  add(line: string): number {
    this.count(this.lines.add(line));
    this.rows += 1;
    return this.rows;
  }

  finish(): object {
    this.count(this.lines.flush());
    this.count(this.lines.end());
    return { path: this.path, sha256: this.sum.digest('hex'), bytes: this.bytes, rows: this.rows };
  }

  count(piece: Piece): void {
    this.sum.update(piece);
    this.bytes += Buffer.byteLength(piece);
  }
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

/** The file is named only where there is more than one. */
function rowOf({ id, revision, contentHash, split }: CaseKey, row: number, file: string | null): string {
  return JSON.stringify({
    ...(file !== null && { file }),
    row,
    case_id: id,
    revision,
    content_hash: contentHash,
    split,
  });
}

function listOf(entries: readonly object[]): string {
  if (entries.length === 0) return '[]';
  return `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
}

function companions(target: ExportTarget, rows: RowCounts): object[] {
  return target.format.files(target, rows).map(({ path, content }) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: Buffer.byteLength(content),
  }));
}
