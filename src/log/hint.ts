import { Injectable } from '@nestjs/common';

/**
 * Hints inside this process, so that nobody waits for a poll: "something was committed" (to the sequencer) and "the log
 * grew" (to its readers). A lost hint delays by one poll and never loses anything.
 */
@Injectable()
export class LogHint {
  private readonly onWake = new Set<(projectId: number) => void>();
  private readonly onGrown = new Set<(projectId: number | null) => void>();

  /** Call after a commit that appended to the outbox. Cheap: many calls become one run of the sequencer. */
  wake(projectId: number): void {
    for (const listener of this.onWake) listener(projectId);
  }

  /** The log of that project holds new events; null says that any may, as after a lost connection. */
  grown(projectId: number | null): void {
    for (const listener of this.onGrown) listener(projectId);
  }

  /** Returns the function that ends it. */
  whenWoken(listener: (projectId: number) => void): () => void {
    this.onWake.add(listener);
    return () => this.onWake.delete(listener);
  }

  /** Returns the function that ends it. */
  whenGrown(listener: (projectId: number | null) => void): () => void {
    this.onGrown.add(listener);
    return () => this.onGrown.delete(listener);
  }
}
