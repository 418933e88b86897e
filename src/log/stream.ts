import { setTimeout as sleep } from 'node:timers/promises';

import { Refusal } from '../errors.js';
import type { LogEvent } from './event.js';
import { type LogQueries, refuseExpired } from './reader.queries.js';
import type { Tailer } from './tailer.js';

export interface StreamOptions {
  readonly projectId: number;
  /** Continue after this seq; null starts at the present. */
  readonly after: number | null;
  /** Only these; empty for every kind. */
  readonly kinds: readonly string[];
  /** Further condition, in memory. It must be quick and must not throw. */
  readonly matches?: (event: LogEvent) => boolean;
  readonly signal?: AbortSignal;
}

/** What a stream needs of the reader that made it. */
export interface StreamHost {
  readonly queries: LogQueries;
  /** The project's tailer, which stays while a stream uses it; started at `head` if there is none. */
  hold(projectId: number, head: number): Tailer;
  ended(stream: LogStream, tailer: Tailer | null): void;
  onError(error: unknown, failures: number): void;
}

const REPLAY_PAGE = 500;
const DONE: IteratorResult<LogEvent> = { done: true, value: undefined };

/** One reader's way along the log: a position, which first walks through the database and then through the tailer. */
export class LogStream implements AsyncIterableIterator<LogEvent> {
  /** Resolves when the stream has its place; rejects with what `next` would reject with. Awaiting it is optional. */
  readonly opened: Promise<void>;
  private tailer: Tailer | null = null;
  private position = 0;
  /** Matching events of the page that is being replayed, and where that page ends. */
  private page: LogEvent[] = [];
  private pageEnd = 0;
  private readonly kinds: ReadonlySet<string>;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly host: StreamHost,
    private readonly options: StreamOptions,
  ) {
    this.kinds = new Set(options.kinds);
    options.signal?.addEventListener('abort', this.close, { once: true });
    this.opened = this.open();
    this.opened.catch(this.close);
    if (options.signal?.aborted) this.close();
  }

  next(): Promise<IteratorResult<LogEvent>> {
    // Calls that do not wait for each other are answered in order.
    const answer = this.turn.then(() => this.pull());
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  async return(): Promise<IteratorResult<LogEvent>> {
    this.close();
    return DONE;
  }

  async throw(error: unknown): Promise<IteratorResult<LogEvent>> {
    this.close();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private readonly close = (): void => {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.options.signal?.removeEventListener('abort', this.close);
    this.host.ended(this, this.tailer);
    this.tailer = null;
    this.page = [];
  };

  private async open(): Promise<void> {
    const { projectId, after } = this.options;
    const bounds = await this.host.queries.bounds(projectId);
    if (after !== null) {
      if (after > bounds.head) throw new Refusal('INVALID_INPUT', 'This cursor is ahead of the log that it names.');
      refuseExpired(projectId, after, bounds);
    }
    this.position = this.pageEnd = after ?? bounds.head;
    if (!this.closing.signal.aborted) this.tailer = this.host.hold(projectId, bounds.head);
  }

  private async pull(): Promise<IteratorResult<LogEvent>> {
    await this.opened;
    while (this.tailer) {
      const event = this.take(this.tailer);
      if (event) return { done: false, value: event };
      if (this.position < this.tailer.seq) await this.replay();
      else await this.grown(this.tailer);
    }
    return DONE;
  }

  /** The next event that matches, as far as memory holds it; moves past those that do not. */
  private take(tailer: Tailer): LogEvent | null {
    const replayed = this.page.shift();
    if (replayed) {
      this.position = this.page.length > 0 ? replayed.seq : this.pageEnd;
      return replayed;
    }
    for (;;) {
      const event = tailer.at(this.position + 1);
      if (!event) return null;
      this.position = event.seq;
      if (this.isWanted(event)) return event;
    }
  }

  private isWanted(event: LogEvent): boolean {
    return (this.kinds.size === 0 || this.kinds.has(event.kind)) && (this.options.matches?.(event) ?? true);
  }

  private async replay(): Promise<void> {
    const { projectId, kinds } = this.options;
    for (let failures = 1; !this.closing.signal.aborted; failures += 1) {
      try {
        const page = await this.host.queries.page(projectId, this.position, REPLAY_PAGE, kinds);
        if (this.closing.signal.aborted) return;
        this.page = page.events.filter((event) => this.isWanted(event));
        this.pageEnd = page.end;
        if (this.page.length === 0) this.position = page.end;
        return;
      } catch (error) {
        if (error instanceof Refusal) {
          this.close();
          throw error;
        }
        // A database that is away delays a stream; it does not end it.
        this.host.onError(error, failures);
        await this.pause(Math.min(100 * 2 ** failures, 5_000));
      }
    }
  }

  private grown(tailer: Tailer): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        end();
        this.closing.signal.removeEventListener('abort', done);
        resolve();
      };
      const end = tailer.whenGrown(done);
      this.closing.signal.addEventListener('abort', done, { once: true });
    });
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
