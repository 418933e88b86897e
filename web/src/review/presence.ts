import { listen } from '../live.js';
import { BeThere } from './operations.js';

/**
 * One item to somebody who has none. The next one is claimed by the desk itself, which knows first that it is wanted;
 * asked for in two ways at once, items would come in any order.
 */
const GIVEN = 1;

/**
 * Lets the service know that somebody is there to be given work, for as long as the socket lives. What they are given is
 * heard of elsewhere, by a stream that does not end when this one does, so nothing is missed in between.
 */
export class Presence {
  private queue: string | null = null;
  private end: (() => void) | null = null;

  /** Takes work of this queue, or of all. */
  choose(queue: string | null): void {
    this.queue = queue;
    if (this.end) this.begin();
  }

  /** The new stream begins before the old one ends: nobody is seen to leave. */
  begin(): void {
    const endOld = this.end;
    const accept = { queues: this.queue === null ? null : [this.queue], capacity: GIVEN };
    this.end = listen(
      BeThere,
      { accept },
      () => undefined,
      () => undefined,
    );
    endOld?.();
  }

  stop(): void {
    this.end?.();
    this.end = null;
  }
}
