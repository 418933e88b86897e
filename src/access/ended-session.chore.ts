import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Chore } from '../log/chore.js';

const EVERY_MS = 60 * 60 * 1_000;
const STEP = 1_000;
/** Long enough that whoever looks into an incident still finds the row; the log has its events for as long as it is kept. */
const KEEP_DAYS = 30;

/** Both kinds always have an end, so the index on it finds them; one that was revoked waits for the end it had. */
const DELETE_ENDED = {
  name: 'access-delete-ended',
  text: `
    DELETE FROM access_key k USING (
      SELECT o.id FROM access_key o
       WHERE o.project_id = $1 AND o.kind IN ('SESSION', 'SIGN_IN_LINK')
         AND o.expires_at < now() - make_interval(days => $2::integer)
       ORDER BY o.expires_at LIMIT $3 FOR UPDATE SKIP LOCKED) old
     WHERE k.project_id = $1 AND k.id = old.id
    RETURNING 1`,
};

/** Deletes browser sessions and sign-in links that ended thirty days ago. Tokens and API keys are kept: auditors ask. */
@Injectable()
export class EndedSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore = new Chore({ name: 'Deleting ended sessions', everyMs: EVERY_MS, run: () => this.runOnce() });

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.chore.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.chore.stop();
  }

  /** Returns how many were deleted: at most 1,000 for each project. */
  async runOnce(): Promise<number> {
    const projects = await this.database.query<{ id: number }>('SELECT id FROM project ORDER BY id');
    let deleted = 0;
    for (const { id } of projects) deleted += (await this.database.query(DELETE_ENDED, [id, KEEP_DAYS, STEP])).length;
    return deleted;
  }
}
