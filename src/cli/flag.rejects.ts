import fs from 'node:fs';

import { CommandFailure, UsageError, whyNot } from './failure.js';
import type { Outgoing } from './flag.sender.js';

/** The file of refused lines, made when the first is refused. */
export class Rejects {
  count = 0;
  private descriptor: number | null = null;

  /** Throws a UsageError when the file could not be made or written to: that is better known before the first line. */
  constructor(private readonly file: string) {
    try {
      tryToWrite(file);
    } catch (error) {
      throw new UsageError(`${file}, for refused lines, cannot be written: ${whyNot(error)}. --rejects names another.`);
    }
  }

  get path(): string | null {
    return this.count > 0 ? this.file : null;
  }

  write({ line, text }: Outgoing, { code, reason }: { code: string; reason: string }): void {
    this.count += 1;
    try {
      this.descriptor ??= fs.openSync(this.file, 'w');
      fs.writeFileSync(this.descriptor, `${JSON.stringify({ line, code, reason, text })}\n`);
    } catch (error) {
      throw new CommandFailure(`${this.file}, for refused lines, cannot be written: ${whyNot(error)}.`);
    }
  }

  close(): void {
    if (this.descriptor !== null) fs.closeSync(this.descriptor);
    this.descriptor = null;
  }
}

/** Leaves everything as it was. Whoever reads the other end of a pipe would take an open and close for its end. */
function tryToWrite(file: string): void {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' });
  if (found) return fs.accessSync(file, fs.constants.W_OK);
  fs.closeSync(fs.openSync(file, 'wx'));
  fs.rmSync(file);
}
