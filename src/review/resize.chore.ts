import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Chore } from '../log/chore.js';
import { ResizeService } from './resize.service.js';

const EVERY_MS = 1_000;

/** Looks about once a second whether items are to follow a change of their queue. Instances share the work. */
@Injectable()
export class ResizeChore implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore: Chore;

  constructor(resizing: ResizeService) {
    const run = () => resizing.runOnce();
    this.chore = new Chore({ name: 'Letting open items follow their queue', everyMs: EVERY_MS, run });
  }

  onApplicationBootstrap(): void {
    this.chore.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.chore.stop();
  }
}
