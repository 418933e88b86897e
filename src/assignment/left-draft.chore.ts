import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Chore } from '../log/chore.js';

const EVERY_MS = 6 * 60 * 60 * 1_000;
const STEP = 1_000;
/** Long enough to look up what somebody had begun to write; no reason to keep the words of a person for ever. */
const KEEP_DAYS = 30;

/**
 * Drafts are few: a review takes its own along, so only what was begun and left is there. That is why no index serves
 * this, and why it runs rarely.
 */
const DELETE_LEFT = {
  name: 'assignment-delete-left-drafts',
  text: `
    DELETE FROM draft d USING (
      SELECT o.item_id, o.member_id
        FROM draft o JOIN item i ON i.project_id = $1 AND i.id = o.item_id
       WHERE o.project_id = $1 AND o.saved_at < now() - make_interval(days => $2::integer)
         AND i.status IN ('RESOLVED', 'WITHDRAWN')
       LIMIT $3 FOR UPDATE OF o SKIP LOCKED) old
     WHERE d.project_id = $1 AND d.item_id = old.item_id AND d.member_id = old.member_id
    RETURNING 1`,
};

/** Deletes what people began to write and left, thirty days later, once its item has its answer or was withdrawn. */
@Injectable()
export class LeftDrafts implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore = new Chore({ name: 'Deleting left drafts', everyMs: EVERY_MS, run: () => this.runOnce() });

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
    for (const { id } of projects) deleted += (await this.database.query(DELETE_LEFT, [id, KEEP_DAYS, STEP])).length;
    return deleted;
  }
}
