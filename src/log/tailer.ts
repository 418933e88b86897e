import { Refusal } from '../errors.js';
import type { LogEvent } from './event.js';
import { jittered, Pulse } from './pulse.js';
import type { LogQueries } from './reader.queries.js';

/** Events of one project that are kept in memory for all its readers together; for a moment up to twice as many. */
const KEPT = 512;
/** For how long, once nothing new arrives: what others hang on an event (its printed form) goes with it. */
const KEPT_MS = 2_000;
const PAGE_SIZE = 500;
const POLL_MS = 200;

/**
 * Follows the end of one project's log for every stream of this process: one query for each new batch, whatever the
 * number of streams. It keeps the newest events in one shared window; a stream is only a position in it. So a stream
 * that stands still costs nothing and holds nothing: what left the window it reads from the database.
 */
export class Tailer {
  /** Without a gap, oldest first; the last one has seq `this.seq`. */
  private window: LogEvent[] = [];
  private grownAt = 0;
  private readonly waiting = new Set<() => void>();
  private readonly pulse: Pulse;
  streams = 0;

  constructor(
    readonly projectId: number,
    /** Everything up to here was read. */
    public seq: number,
    private readonly queries: LogQueries,
    onError: (error: unknown, failures: number) => void,
  ) {
    this.pulse = new Pulse({ run: () => this.read(), gapMs: 5, onError });
    this.pulse.wake();
  }

  wake(): void {
    this.pulse.wake();
  }

  /** The event of that seq if it is in memory. */
  at(seq: number): LogEvent | undefined {
    return this.window[seq - this.seq - 1 + this.window.length];
  }

  /** Called once for each batch from now on. Returns the function that ends it. */
  whenGrown(listener: () => void): () => void {
    this.waiting.add(listener);
    return () => this.waiting.delete(listener);
  }

  async stop(): Promise<void> {
    await this.pulse.stop();
    this.window = [];
  }

  private async read(): Promise<number> {
    const events = await this.nextEvents();
    const last = events.at(-1);
    if (last) {
      this.window.push(...events);
      if (this.window.length > 2 * KEPT) this.window = this.window.slice(-KEPT);
      this.seq = last.seq;
      this.grownAt = performance.now();
      for (const listener of this.waiting) listener();
    }
    if (performance.now() - this.grownAt > KEPT_MS) this.window = [];
    return events.length === PAGE_SIZE ? 0 : jittered(POLL_MS);
  }

  private async nextEvents(): Promise<readonly LogEvent[]> {
    try {
      return (await this.queries.page(this.projectId, this.seq, PAGE_SIZE)).events;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Away for longer than events are kept. Go on where they start; each stream finds out by itself that it cannot.
      const { oldest } = await this.queries.bounds(this.projectId);
      this.window = [];
      this.seq = oldest - 1;
      return [];
    }
  }
}
