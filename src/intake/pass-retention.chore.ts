import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database } from '../database/database.js';
import { Chore } from '../log/chore.js';

const EVERY_MS = 10 * 60 * 1_000;
const STEP = 1_000;
/** So that one project with much to forget does not keep the others waiting. */
const MOST_STEPS = 20;

/** The oldest first, by the index of what passed. SKIP LOCKED: two instances forget side by side. */
const forgetPassedSql = {
  name: 'intake-forget-passed',
  text: `
    DELETE FROM flag f USING (
      SELECT o.external_id FROM flag o
       WHERE o.project_id = $1 AND o.decision = 'PASS' AND o.flagged_at < now() - make_interval(days => $2::integer)
       ORDER BY o.flagged_at LIMIT $3 FOR UPDATE SKIP LOCKED) old
     WHERE f.project_id = $1 AND f.external_id = old.external_id
    RETURNING 1`,
};

/**
 * Forgets what passed once it is older than COUNTERSIGN_PASS_RETENTION_DAYS: a repeated flag is then a new one. What
 * was reviewed is kept. Works in short statements, one project at a time; what is left over waits for the next run.
 */
@Injectable()
export class PassRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore = new Chore({ name: 'Forgetting what passed', everyMs: EVERY_MS, run: () => this.runOnce() });

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'passRetentionDays'>,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.chore.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.chore.stop();
  }

  /** Returns how many were forgotten. */
  async runOnce(): Promise<number> {
    const projects = await this.database.query<{ id: number }>('SELECT id FROM project ORDER BY id');
    let forgotten = 0;
    for (const { id } of projects) forgotten += await this.forget(id);
    return forgotten;
  }

  private async forget(projectId: number): Promise<number> {
    let forgotten = 0;
    for (let step = 0; step < MOST_STEPS; step++) {
      const rows = await this.database.query(forgetPassedSql, [projectId, this.config.passRetentionDays, STEP]);
      forgotten += rows.length;
      if (rows.length < STEP) break;
    }
    return forgotten;
  }
}
