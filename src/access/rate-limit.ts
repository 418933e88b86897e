import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import type { Viewer } from './viewer.js';

/**
 * What one key may spend: `rateBurst` at once, and as much again each time that `rateCostPerSecond` would have earned
 * it. Every root field costs 1, so aliases count; an operation that does more charges more (a flag: its rows).
 *
 * Known limit: counted per process, in fixed windows, so two neighbouring windows can be spent together.
 */
@Injectable()
export class RateLimit {
  private readonly limiter: RateLimiterMemory;
  private readonly burst: number;

  constructor(@Inject(CONFIG) config: Pick<Config, 'rateBurst' | 'rateCostPerSecond'>) {
    this.burst = config.rateBurst;
    this.limiter = new RateLimiterMemory({ points: this.burst, duration: this.burst / config.rateCostPerSecond });
  }

  /** Throws RATE_LIMITED with retryAfterSeconds. A cost above the burst counts as the whole burst. */
  async charge(viewer: Viewer, cost: number): Promise<void> {
    try {
      await this.limiter.consume(`${viewer.projectId}_${viewer.keyId}`, Math.min(cost, this.burst));
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      const retryAfterSeconds = Math.max(1, Math.ceil(spent.msBeforeNext / 1_000));
      throw new Refusal('RATE_LIMITED', `This key spends more than it may; try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
  }
}
