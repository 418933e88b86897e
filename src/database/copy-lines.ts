import type { Connection, Submittable } from 'pg';

/** A signature of 11 bytes, flags and the length of an extension that nobody has made. */
const HEADER = 19;
const NEWLINE = 10;
const LONGEST_KEY = 64;

/** Lines as bytes, in a buffer that is used again: good until the next read into it. It grows with the largest read. */
export class LineBuffer {
  private buffer: Buffer;
  private end = 0;
  private readonly key = Buffer.alloc(LONGEST_KEY);
  private keyEnd = 0;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
  }

  get lines(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  /** The first column of the last row; null when there was none. */
  get lastKey(): Buffer | null {
    return this.keyEnd === 0 ? null : this.key.subarray(0, this.keyEnd);
  }

  clear(): void {
    this.end = 0;
    this.keyEnd = 0;
  }

  /** Takes the line between two places of a chunk, and its key, which stands before it. */
  add(chunk: Buffer, key: number, keyEnd: number, line: number, lineEnd: number): void {
    const needed = this.end + lineEnd - line + 1;
    if (needed > this.buffer.length) this.grow(needed);
    chunk.copy(this.buffer, this.end, line, lineEnd);
    this.buffer[needed - 1] = NEWLINE;
    this.end = needed;
    this.keyEnd = chunk.copy(this.key, 0, key, keyEnd);
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

/**
 * `COPY (SELECT key, line …) TO STDOUT (FORMAT binary)` as a query of the `pg` client: the server's bytes go into the
 * buffer as they are, and no string or object is made of a row. A line must not be null nor hold a newline.
 *
 * Known limit: it uses what pg hands to every query class, which its types do not describe.
 */
export class CopyLines implements Submittable {
  readonly done: Promise<void>;
  /** Named so by pg, which also sets it when a query may only take so long. */
  callback: (error: Error | null) => void = () => undefined;
  private isBegun = false;

  constructor(
    private readonly statement: string,
    private readonly into: LineBuffer,
  ) {
    into.clear();
    this.done = new Promise((resolve, reject) => {
      this.callback = (error) => (error ? reject(error) : resolve());
    });
  }

  submit(connection: Connection): void {
    connection.query(`COPY (${this.statement}) TO STDOUT (FORMAT binary)`);
  }

  /** One or more rows: a count of columns, then for each a length and as many bytes. The end is a count of -1. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    let at = this.isBegun ? 0 : HEADER;
    this.isBegun = true;
    while (at + 2 <= chunk.length && chunk.readInt16BE(at) === 2) {
      const key = at + 6;
      const keyEnd = key + chunk.readInt32BE(at + 2);
      const line = keyEnd + 4;
      at = line + chunk.readInt32BE(keyEnd);
      this.into.add(chunk, key, keyEnd, line, at);
    }
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}
