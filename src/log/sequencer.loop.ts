import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { LogHint } from './hint.js';
import { jittered, Pulse } from './pulse.js';
import { Sequencer } from './sequencer.js';

const POLL_MS = 200;
/** Events that are committed within this time of each other share a batch, a fold and a NOTIFY. */
const GAP_MS = 10;
const BUSY_MS = 10;

/**
 * Keeps the sequencer going: at once for a project whose commit was announced in this process, and by a poll every
 * 200 ms for what nobody announced, because the announcer died between its commit and the hint.
 *
 * Known limit: the poll asks for one project after the other, so with thousands of projects a round takes longer.
 */
@Injectable()
export class SequencerLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SequencerLoop.name);
  private readonly pulses = new Map<number, Pulse>();
  private readonly poll = new Pulse({ run: () => this.look(), onError: (error, n) => this.warn('Polling', error, n) });
  private forget = () => {};
  private isStopped = false;

  constructor(
    private readonly sequencer: Sequencer,
    private readonly hint: LogHint,
  ) {}

  onApplicationBootstrap(): void {
    this.forget = this.hint.whenWoken((projectId) => this.pulseOf(projectId).wake());
    this.poll.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    this.forget();
    await Promise.all([this.poll.stop(), ...[...this.pulses.values()].map((pulse) => pulse.stop())]);
  }

  private async look(): Promise<number> {
    for (const projectId of await this.sequencer.projects()) {
      if (this.isStopped || !(await this.sequencer.hasWaiting(projectId))) continue;
      this.pulseOf(projectId).wake();
    }
    return jittered(POLL_MS);
  }

  private pulseOf(projectId: number): Pulse {
    let pulse = this.pulses.get(projectId);
    if (!pulse) {
      const onError = (error: unknown, failures: number) => this.warn(`Project ${projectId}`, error, failures);
      pulse = new Pulse({ run: () => this.run(projectId), gapMs: GAP_MS, onError });
      this.pulses.set(projectId, pulse);
    }
    return pulse;
  }

  private async run(projectId: number): Promise<number | null> {
    const batch = await this.sequencer.batch(projectId);
    if (batch === 'BUSY') return jittered(BUSY_MS);
    return batch.isFull ? 0 : null;
  }

  private warn(what: string, error: unknown, failures: number): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${what}: the sequencer failed (${failures} in a row), trying again: ${reason}`);
  }
}
