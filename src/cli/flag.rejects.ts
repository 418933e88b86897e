import { once } from 'node:events';
import fs from 'node:fs';

import type { Outgoing } from './flag.sender.js';

/** The file of refused lines, made when the first is refused. */
export class Rejects {
  count = 0;
  private stream: fs.WriteStream | null = null;

  constructor(private readonly file: string) {}

  get path(): string | null {
    return this.count > 0 ? this.file : null;
  }

  async write({ line, text }: Outgoing, { code, reason }: { code: string; reason: string }): Promise<void> {
    this.count += 1;
    this.stream ??= fs.createWriteStream(this.file);
    if (!this.stream.write(`${JSON.stringify({ line, code, reason, text })}\n`)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (!this.stream) return;
    this.stream.end();
    await once(this.stream, 'finish');
  }
}
