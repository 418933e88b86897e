import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import { ExportQueries } from './export.queries.js';
import type { ExportTarget } from './export.target.js';
import { casesFilesOf, companionsOf, type ExportFormat, type RowCounts, type StoredCase } from './formats/format.js';
import { FramedLines, jsonLinesFrame, type Piece } from './formats/frame.js';
import { manifestOf, manifestOfStored } from './manifest.js';

/** Exports under way at once in one process; each holds two pages (of 2 MiB) and now and then one connection. */
const MOST_AT_ONCE = 8;

/**
 * Writes the files of an export, one stream each.
 *
 * A file is a function of its target and nothing else, so every request is self-contained: the files of one export are
 * asked for one by one (the target's position keeps them together), a stream that was cut is asked for again from the
 * last case that arrived, and the server remembers nothing. The price: manifest.json costs a pass of its own.
 */
@Injectable()
export class Exporter {
  private open = 0;

  constructor(private readonly queries: ExportQueries) {}

  /** How many exports are being read now. */
  get underWay(): number {
    return this.open;
  }

  /** The names of all files of a format, the cases first. */
  filesOf(format: ExportFormat): string[] {
    return [...casesFilesOf(format), ...companionsOf(format), 'manifest.json'];
  }

  /**
   * One file in pieces, each good until the next is asked for. OVERLOADED when too many are being read; leaving early
   * frees everything.
   */
  async *read(target: ExportTarget, file: string, after?: string): AsyncGenerator<Piece, void> {
    if (this.open >= MOST_AT_ONCE) {
      throw new Refusal('OVERLOADED', 'Too many exports are under way.', { retryAfterSeconds: 5 });
    }
    this.open += 1;
    try {
      if (isStored(target, file)) yield* this.queries.lines(target, after);
      else if (casesFilesOf(target.format).includes(file))
        yield* cases(target, file, this.queries.pages(target, after));
      else if (file === 'manifest.json') yield* this.manifest(target);
      else {
        const { format } = target;
        const rows = format.filesNeedRows
          ? await rowsOf(target, this.queries.pages(target))
          : new Map<string, number>();
        for (const { path, content } of format.files(target, rows)) if (path === file) yield content;
      }
    } finally {
      this.open -= 1;
    }
  }

  private manifest(target: ExportTarget): AsyncGenerator<Piece, void> {
    return isStored(target, target.format.casesFile)
      ? manifestOfStored(target, this.queries.keys(target), this.queries.lines(target))
      : manifestOf(target, () => this.queries.pages(target));
  }
}

/** Whether the file is what stands in the database, line by line. What changed since a cursor may hold retractions. */
function isStored({ format, since }: ExportTarget, file: string): boolean {
  return format.isVerbatim === true && since === 0 && file === format.casesFile;
}

async function* cases(
  target: ExportTarget,
  file: string,
  pages: AsyncIterable<Iterable<StoredCase>>,
): AsyncGenerator<Piece, void> {
  const { format } = target;
  const lines = new FramedLines((format.frame ?? jsonLinesFrame)());
  // Not before the first page is there: what fails at once has to fail before the answer begins.
  let start = lines.start();
  for await (const page of pages) {
    if (start.length > 0) yield start;
    start = '';
    for (const stored of page) {
      const encoded = format.encode(stored, target);
      if (!('line' in encoded) || (encoded.file ?? format.casesFile) !== file) continue;
      const piece = lines.add(encoded.line);
      if (piece.length > 0) yield piece;
    }
  }
  for (const piece of [start, lines.flush(), lines.end()]) if (piece.length > 0) yield piece;
}

async function rowsOf(target: ExportTarget, pages: AsyncIterable<Iterable<StoredCase>>): Promise<RowCounts> {
  const { format } = target;
  const rows = new Map<string, number>();
  for await (const page of pages) {
    for (const stored of page) {
      const encoded = format.encode(stored, target);
      if (!('line' in encoded)) continue;
      const file = encoded.file ?? format.casesFile;
      rows.set(file, (rows.get(file) ?? 0) + 1);
    }
  }
  return rows;
}
