import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { ResizeService } from './resize.service.js';

const EVERY_MS = 1_000;

/** Looks about once a second whether items are to follow a change of their queue. Instances share the work. */
@Injectable()
export class ResizeLoop implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ResizeLoop.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(private readonly resizing: ResizeService) {}

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
    try {
      await this.resizing.runOnce();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`Letting open items follow their queue failed: ${reason}`);
    }
    this.schedule();
  }
}
