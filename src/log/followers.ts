import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { type FollowerWork, LogFollower } from './follower.js';
import { LogHint } from './hint.js';
import { LogDatabase } from './log-database.js';
import { jittered, Pulse } from './pulse.js';
import { LogQueries } from './reader.queries.js';
import { Sequencer } from './sequencer.js';

const POLL_MS = 1_000;
const LONGEST_REST_MS = 500;

/**
 * Makes followers and keeps them going: each runs as soon as the log grew, and looks by itself once a second. Register
 * from the constructor of a provider; runs start when the application has.
 */
@Injectable()
export class LogFollowers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LogFollowers.name);
  private readonly pulses: Pulse[] = [];
  private readonly forget: () => void;

  constructor(
    private readonly database: LogDatabase,
    private readonly queries: LogQueries,
    private readonly sequencer: Sequencer,
    hint: LogHint,
  ) {
    this.forget = hint.whenGrown(() => this.wake());
  }

  register(work: FollowerWork): LogFollower {
    const follower = new LogFollower(work, this.database, this.queries);
    this.pulses.push(
      new Pulse({
        run: () => this.runEverywhere(follower),
        gapMs: 20,
        onError: (error, failures) =>
          this.logger.warn(`${work.name} failed (${failures} in a row), trying again: ${String(error)}`),
      }),
    );
    return follower;
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.forget();
    await Promise.all(this.pulses.map((pulse) => pulse.stop()));
  }

  private wake(): void {
    for (const pulse of this.pulses) pulse.wake();
  }

  /** A project that fails does not keep the others from their turn. */
  private async runEverywhere(follower: LogFollower): Promise<number> {
    const { rest } = follower.work;
    let failure: unknown;
    let handled = 0;
    for (const projectId of await this.sequencer.projects()) {
      const started = performance.now();
      const run = rest === undefined ? follower.runOnce(projectId) : follower.turn(projectId);
      const count = await run.catch((error: unknown) => void (failure = error));
      if (rest === undefined || !count) continue;
      handled += count;
      await sleep(Math.min(rest * (performance.now() - started), LONGEST_REST_MS));
    }
    if (failure !== undefined) throw failure;
    return handled > 0 ? 0 : jittered(POLL_MS);
  }
}
