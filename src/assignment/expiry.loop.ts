import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { DeadlineService } from './deadline.service.js';
import { DeadlineStepService } from './deadline-step.service.js';
import { ExpiryService } from './expiry.service.js';

const EVERY_MS = 1_000;

/**
 * Sweeps about once a second, with jitter so that many instances do not sweep in step. Instances need not agree who
 * sweeps: each skips what another has locked. A sweep that fails is logged and the next one runs as usual.
 */
@Injectable()
export class ExpiryLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ExpiryLoop.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly expiry: ExpiryService,
    private readonly steps: DeadlineStepService,
    private readonly deadlines: DeadlineService,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => (this.running = this.sweep()), EVERY_MS * (0.75 + 0.5 * Math.random()));
    this.timer.unref();
  }

  private async sweep(): Promise<void> {
    await this.attempt('Putting back expired leases', () => this.expiry.runOnce());
    await this.attempt('Taking the steps of what is overdue', () => this.steps.runOnce());
    await this.attempt('Resolving what is overdue', () => this.deadlines.runOnce());
    this.schedule();
  }

  private async attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.logger.warn(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
