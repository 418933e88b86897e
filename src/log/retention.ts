import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { LogDatabase } from './log-database.js';
import { Chore } from './chore.js';
import { DELETE_OLD } from './retention.sql.js';
import { Sequencer } from './sequencer.js';

const STEP = 2_000;
const EVERY_MS = 60_000;

/**
 * Deletes events that are older than the log is kept, in steps of at most 2,000 per project and statement.
 *
 * It never deletes what a downstream reader has not handled: such a reader delays retention instead of losing events.
 * So a reader that is gone for good must be removed from `log_reader` by the operator. A cursor into the deleted part is
 * answered with CURSOR_EXPIRED.
 */
@Injectable()
export class LogRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore = new Chore({ name: 'Deleting old events', everyMs: EVERY_MS, run: () => this.runOnce() });

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logRetentionDays'>,
    private readonly database: LogDatabase,
    private readonly sequencer: Sequencer,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.logRetentionDays > 0) this.chore.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.chore.stop();
  }

  /** Returns how many events were deleted. Nothing is when the log is kept for ever (0 days). */
  async runOnce(days = this.config.logRetentionDays): Promise<number> {
    let total = 0;
    if (days <= 0) return total;
    for (const projectId of await this.sequencer.projects()) {
      for (let deleted = STEP; deleted === STEP; total += deleted) {
        const [row] = await this.database.query<{ deleted: number }>(DELETE_OLD, [projectId, days, STEP]);
        deleted = row!.deleted;
      }
    }
    return total;
  }
}
