import type { LogEvent } from '../log/event.js';
import type { LogStream } from '../log/stream.js';

/** What became of somebody who is there. */
export interface PresenceListener {
  readonly memberId: string;
  /** They have done something after a lease of theirs had run out. */
  onBack(): void;
  onGone(): void;
}

/**
 * A reviewer's own events, for as long as they are there: however the stream ends (the client stops, the socket breaks,
 * the credential ends, the log can no longer serve it), their presence ends with it.
 */
export class PresenceStream implements AsyncIterableIterator<LogEvent> {
  private isAway = false;
  private isGone = false;

  constructor(
    private readonly stream: LogStream,
    private readonly listener: PresenceListener,
  ) {}

  async next(): Promise<IteratorResult<LogEvent>> {
    try {
      const result = await this.stream.next();
      if (result.done) this.leave();
      else this.hear(result.value);
      return result;
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<LogEvent>> {
    this.leave();
    return this.stream.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private hear({ kind, actor }: LogEvent): void {
    if (kind === 'ASSIGNMENT_EXPIRED') this.isAway = true;
    else if (this.isAway && actor === `member:${this.listener.memberId}`) {
      this.isAway = false;
      this.listener.onBack();
    }
  }

  private leave(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.listener.onGone();
  }
}
