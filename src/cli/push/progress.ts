import { SingleBar } from 'cli-progress';

/** How far a push is, as a bar; only where somebody looks. */
export class PushProgress {
  private readonly bar: SingleBar | null = null;

  constructor(total: number) {
    if (!process.stderr.isTTY) return;
    const format = '{bar} {percentage}% | {value} of {total} cases';
    this.bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, fps: 5, clearOnComplete: true });
    this.bar.start(total, 0);
  }

  step(): void {
    this.bar?.increment();
  }

  finish(): void {
    this.bar?.stop();
  }
}
