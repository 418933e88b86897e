import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import { refreshFloorsSql } from './floor.sql.js';
import { forgetLapsesSql } from './lapse.sql.js';
import { expireSql } from './lease.sql.js';

const BATCH = 1_000;

/**
 * Puts back what has run out, project by project, forgets lapses that are older than 30 days, and moves the lanes' floors.
 *
 * Nothing depends on it for correctness: a claim that finds nothing does the same first. It runs so that expiry is
 * seen by all (queue counts, the reviewer's stream) soon after it happened.
 */
@Injectable()
export class ExpiryService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** One sweep over all projects; returns how many leases were put back. */
  async runOnce(): Promise<number> {
    let total = 0;
    for (const { id } of await this.database.query<{ id: number }>(`SELECT id FROM project ORDER BY id`)) {
      for (let expired = BATCH; expired === BATCH; total += expired) expired = await this.expire(id);
      await this.database.query({ name: 'lapse-forget', text: forgetLapsesSql }, [id, BATCH]);
      await this.database.query({ name: 'floor-refresh', text: refreshFloorsSql }, [id]);
    }
    return total;
  }

  /** Puts back up to 1,000 of one project; returns how many. */
  async expire(projectId: number): Promise<number> {
    const statement = { name: 'lease-expire', text: expireSql };
    const [row] = await this.database.query<{ expired: number }>(statement, [projectId, BATCH]);
    const expired = row?.expired ?? 0;
    if (expired > 0) this.hint.wake(projectId);
    return expired;
  }
}
