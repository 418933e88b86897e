import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import type { LogEvent } from './event.js';
import { LogHint } from './hint.js';
import { LogQueries } from './reader.queries.js';
import { LogStream, type StreamHost, type StreamOptions } from './stream.js';
import { Tailer } from './tailer.js';

/**
 * Reads the log: page by page, or as a stream that replays and then goes on live, in order, without a gap or a repeat.
 *
 * The present, where a stream without `after` starts, is the last event that has its place in the log when the stream
 * opens. A change that is committed but not yet in the log at that moment is still to come, so it is delivered.
 *
 * Memory is bounded whatever the readers do: one window of recent events for each project that is being read, and a page
 * for each stream that replays. A reader that does not keep up falls back to pages; one that falls behind what retention
 * keeps is refused with CURSOR_EXPIRED.
 */
@Injectable()
export class LogReader implements OnModuleDestroy {
  private readonly logger = new Logger(LogReader.name);
  private readonly tailers = new Map<number, Tailer>();
  private readonly streams = new Set<LogStream>();
  private readonly forget: () => void;

  constructor(
    private readonly queries: LogQueries,
    hint: LogHint,
  ) {
    this.forget = hint.whenGrown((projectId) => {
      if (projectId === null) for (const tailer of this.tailers.values()) tailer.wake();
      else this.tailers.get(projectId)?.wake();
    });
  }

  /**
   * Starts at once, not with the first `next()`. A cursor that cannot be served is refused with INVALID_INPUT or
   * CURSOR_EXPIRED by `next()`, and earlier by `await stream.opened`, which lets a subscription refuse cleanly.
   * Not reading on, `return()` and the signal free everything.
   */
  stream(options: StreamOptions): LogStream {
    const host: StreamHost = {
      queries: this.queries,
      hold: (projectId, head) => this.hold(projectId, head),
      ended: (stream, tailer) => this.ended(stream, tailer),
      onError: (error, failures) => this.warn(options.projectId, error, failures),
    };
    const stream = new LogStream(host, options);
    this.streams.add(stream);
    return stream;
  }

  /** Up to `limit` events after a seq, oldest first; fewer only at the end of the log. */
  async page(projectId: number, after: number, limit: number): Promise<readonly LogEvent[]> {
    return (await this.queries.page(projectId, after, limit)).events;
  }

  async onModuleDestroy(): Promise<void> {
    this.forget();
    for (const stream of this.streams) await stream.return();
    await Promise.all([...this.tailers.values()].map((tailer) => tailer.stop()));
    this.tailers.clear();
  }

  private hold(projectId: number, head: number): Tailer {
    let tailer = this.tailers.get(projectId);
    if (!tailer) {
      const onError = (error: unknown, failures: number) => this.warn(projectId, error, failures);
      tailer = new Tailer(projectId, head, this.queries, onError);
      this.tailers.set(projectId, tailer);
    }
    tailer.streams += 1;
    return tailer;
  }

  private ended(stream: LogStream, tailer: Tailer | null): void {
    this.streams.delete(stream);
    if (!tailer || --tailer.streams > 0) return;
    this.tailers.delete(tailer.projectId);
    void tailer.stop();
  }

  private warn(projectId: number, error: unknown, failures: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`Reading the log of project ${projectId} failed (${failures} in a row), trying again: ${reason}`);
  }
}
