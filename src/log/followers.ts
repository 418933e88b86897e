import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { type FollowerWork, LogFollower } from './follower.js';
import { LogHint } from './hint.js';
import { LogDatabase } from './log-database.js';
import { jittered, Pulse } from './pulse.js';
import { LogQueries } from './reader.queries.js';
import { Sequencer } from './sequencer.js';

const POLL_MS = 1_000;

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
    let failure: unknown;
    for (const projectId of await this.sequencer.projects()) {
      await follower.runOnce(projectId).catch((error: unknown) => (failure = error));
    }
    if (failure !== undefined) throw failure;
    return jittered(POLL_MS);
  }
}
