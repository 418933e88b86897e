export interface PulseOptions {
  /** One run. Answers in how many milliseconds to run again without being woken; null to wait until woken. */
  run(): Promise<number | null>;
  /** Shortest time from the end of a run to the next, unless it asked for 0; calls to `wake` in between become one. */
  readonly gapMs?: number;
  /** Told of a run that failed; the next attempt follows by itself after 100 ms, doubling up to 5 s. */
  onError(error: unknown, failures: number): void;
}

/**
 * A loop that runs one thing, never twice at once: soon after a `wake`, again when the run asks for it, and after a
 * growing pause when it failed. It never gives up: a database that was away for an hour is found again.
 */
export class Pulse {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private isWoken = false;
  private isStopped = false;
  private failures = 0;
  private earliest = 0;

  constructor(private readonly options: PulseOptions) {}

  wake(): void {
    if (this.running) this.isWoken = true;
    // What failed keeps its pause: hints must not turn an outage into a busy loop.
    else if (this.failures === 0) this.schedule(0);
  }

  /** No further run starts; resolves when the one under way is through. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    if (this.timer) clearTimeout(this.timer);
    const delay = Math.max(delayMs, this.earliest - performance.now(), 0);
    this.timer = setTimeout(() => this.beat(), delay);
    this.timer.unref();
  }

  private beat(): void {
    this.timer = null;
    this.isWoken = false;
    this.running = this.once().then((delay) => {
      this.running = null;
      this.earliest = delay === 0 ? 0 : performance.now() + (this.options.gapMs ?? 0);
      if (this.isWoken && this.failures === 0) this.schedule(0);
      else if (delay !== null) this.schedule(delay);
    });
  }

  private async once(): Promise<number | null> {
    try {
      const delay = await this.options.run();
      this.failures = 0;
      return delay;
    } catch (error) {
      this.failures += 1;
      if (!this.isStopped) this.options.onError(error, this.failures);
      return jittered(Math.min(100 * 2 ** (this.failures - 1), 5_000));
    }
  }
}

/** Within a fifth of `ms`, so that instances do not poll in step. */
export function jittered(ms: number): number {
  return ms * (0.8 + 0.4 * Math.random());
}
