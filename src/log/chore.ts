import { Logger } from '@nestjs/common';

import { jittered, Pulse } from './pulse.js';

interface ChoreOptions {
  /** What is done, as a warning begins when it failed: `Deleting old events`. */
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/** Something to be done now and then, in the background: at once when it is started, then about every so often. */
export class Chore {
  private readonly pulse: Pulse;

  constructor(options: ChoreOptions) {
    const logger = new Logger(Chore.name);
    this.pulse = new Pulse({
      run: async () => {
        await options.run();
        return jittered(options.everyMs);
      },
      onError: (error) => logger.warn(`${options.name} failed, trying again: ${String(error)}`),
    });
  }

  start(): void {
    this.pulse.wake();
  }

  /** Resolves when a run that is under way is through. */
  stop(): Promise<void> {
    return this.pulse.stop();
  }
}
