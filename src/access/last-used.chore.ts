import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { Database } from '../database/database.js';
import { RECORD_USE } from './access-key.sql.js';
import type { Viewer } from './viewer.js';

const WAIT_MS = 1_000;

/**
 * Remembers when a key was last used, at most once a minute and never in the way of a request.
 *
 * Known limit: what was noted in the last second before a crash is lost; the next use notes it again.
 */
@Injectable()
export class LastUsed implements OnApplicationShutdown {
  private readonly noted = new Map<number, Set<string>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  note({ projectId, keyId }: Viewer): void {
    const keyIds = this.noted.get(projectId) ?? new Set();
    this.noted.set(projectId, keyIds.add(keyId));
    this.timer ??= setTimeout(() => void this.runOnce().catch(() => undefined), WAIT_MS).unref();
  }

  async runOnce(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const noted = [...this.noted];
    this.noted.clear();
    for (const [projectId, keyIds] of noted) await this.database.query(RECORD_USE, [projectId, [...keyIds]]);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }
}
