import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import { ExportQueries } from './export.queries.js';
import type { ExportTarget } from './export.target.js';
import type { ExportFormat, StoredCase } from './formats/format.js';
import { manifestOf } from './manifest.js';

/** Exports under way at once in one process; each holds two pages (2 MiB) and now and then one connection. */
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
    const companions = format.files({ dataset: 'x', snapshot: null }).map((file) => file.path);
    return [format.casesFile, ...companions, 'manifest.json'];
  }

  /** The text of one file in pieces. OVERLOADED when too many are being read; leaving early frees everything. */
  async *read(target: ExportTarget, file: string, after?: string): AsyncGenerator<string, void> {
    if (this.open >= MOST_AT_ONCE) {
      throw new Refusal('OVERLOADED', 'Too many exports are under way.', { retryAfterSeconds: 5 });
    }
    this.open += 1;
    try {
      if (file === target.format.casesFile) yield* lines(target.format, this.queries.pages(target, after));
      else if (file === 'manifest.json') yield* manifestOf(target, this.queries.pages(target));
      else for (const { path, content } of target.format.files(target)) if (path === file) yield content;
    } finally {
      this.open -= 1;
    }
  }
}

async function* lines(format: ExportFormat, pages: AsyncIterable<readonly StoredCase[]>): AsyncGenerator<string, void> {
  for await (const page of pages) {
    let text = '';
    for (const stored of page) {
      const encoded = format.encode(stored);
      if ('line' in encoded) text += `${encoded.line}\n`;
    }
    if (text) yield text;
  }
}
