import { SingleBar } from 'cli-progress';

import type { Outcome } from './flag.sender.js';

type Kind = Outcome['kind'];

const LINE_EVERY_MS = 5_000;

/** Shows how far a run is: a bar on a terminal, a line now and then elsewhere; at the end what became of all lines. */
export class FlagProgress {
  private readonly counts: Record<Kind, number> = { added: 0, duplicate: 0, passed: 0, conflict: 0, bad: 0 };
  private readonly startedAt = performance.now();
  private readonly bar: SingleBar | null = null;
  private readBytes = 0;
  private shownAt = performance.now();

  constructor(
    private readonly totalBytes: number | null,
    private readonly waiting: () => string | null,
  ) {
    if (!process.stderr.isTTY || totalBytes === null) return;
    const format = '{bar} {percentage}% | {lines} lines | {rate} lines/s {note}';
    this.bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, fps: 5 });
    this.bar.start(totalBytes, 0, this.figures());
  }

  read(bytes: number): void {
    this.readBytes = bytes;
  }

  count(kind: Kind): void {
    this.counts[kind] += 1;
    if (this.bar) this.bar.update(this.readBytes, this.figures());
    else if (performance.now() - this.shownAt > LINE_EVERY_MS) this.showLine();
  }

  /** A run that failed before its first answer has nothing to sum up. */
  finish(rejects: string | null, hasFailed: boolean): void {
    if (this.bar) {
      this.bar.update(this.readBytes, { ...this.figures(), note: '' });
      this.bar.stop();
    }
    const { added, duplicate, passed, conflict, bad } = this.counts;
    const { lines, rate } = this.figures();
    if (lines === 0 && hasFailed) return;
    const parts = [
      `${lines} lines in ${((performance.now() - this.startedAt) / 1_000).toFixed(1)} s (${rate} lines/s)`,
      `added ${added}`,
      `duplicates ${duplicate}`,
      `passed ${passed}`,
      `conflicts ${conflict}`,
      `bad ${bad}`,
    ];
    process.stdout.write(`${parts.join(', ')}\n`);
    if (rejects) process.stdout.write(`Refused lines, with number and reason: ${rejects}\n`);
  }

  private showLine(): void {
    this.shownAt = performance.now();
    const { lines, rate, note } = this.figures();
    const share = this.totalBytes ? `${Math.floor((100 * this.readBytes) / this.totalBytes)}%, ` : '';
    process.stderr.write(`${share}${lines} lines, ${rate} lines/s ${note}\n`);
  }

  private figures(): { lines: number; rate: number; note: string } {
    const lines = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    const seconds = Math.max(0.001, (performance.now() - this.startedAt) / 1_000);
    const waiting = this.waiting();
    return { lines, rate: Math.round(lines / seconds), note: waiting ? `| waiting: ${waiting.slice(0, 60)}` : '' };
  }
}
