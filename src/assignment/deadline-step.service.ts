import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import { bumpLateTicketsSql } from './bulk.sql.js';
import {
  handOverSql,
  raisedLeasesSql,
  raiseSql,
  widenedLanesSql,
  widenedLeasesSql,
  widenSql,
} from './deadline-step.sql.js';

const BATCH = 200;
const HAS_STEPS = `SELECT FROM queue q WHERE q.project_id = $1 AND q.deadline_steps <> '[]' LIMIT 1`;

interface StepSql {
  /** Makes the lanes that tickets may go to; committed before, so that the step sees them. */
  readonly lanes?: string;
  readonly items: string;
  readonly leases?: string;
  /** Where items get another place: for tickets that leases just put back at the old one. */
  readonly late?: string;
}

const STEPS: readonly StepSql[] = [
  { items: raiseSql, leases: raisedLeasesSql, late: bumpLateTicketsSql },
  { lanes: widenedLanesSql, items: widenSql, leases: widenedLeasesSql },
  { items: handOverSql },
];

/**
 * Takes the steps of overdue items, project by project. The deadline decides, not when this runs: what was missed is made
 * up for, step by step and in order.
 */
@Injectable()
export class DeadlineStepService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** One pass over all projects; returns how many steps were taken. */
  async runOnce(): Promise<number> {
    let total = 0;
    for (const { id: projectId } of await this.database.query<{ id: number }>(`SELECT id FROM project ORDER BY id`)) {
      if ((await this.database.query(HAS_STEPS, [projectId])).length === 0) continue;
      // A step may be followed at once by the next.
      for (let taken = 1; taken > 0; total += taken) {
        taken = 0;
        for (const step of STEPS) taken += await this.take(projectId, step);
        if (taken > 0) this.hint.wake(projectId);
      }
    }
    return total;
  }

  private async take(projectId: number, { lanes, items, leases, late }: StepSql): Promise<number> {
    if (lanes) await this.database.query(lanes, [projectId]);
    if (!leases) return (await this.database.query(items, [projectId, BATCH])).length;
    return this.database.transaction(async (tx) => {
      const taken = await tx.query<{ id: string; old_rank?: string }>(items, [projectId, BATCH]);
      const ids = taken.map(({ id }) => id);
      if (ids.length > 0) await tx.query(leases, [projectId, ids]);
      if (ids.length > 0 && late) await tx.query(late, [projectId, ids, taken.map(({ old_rank: rank }) => rank)]);
      return taken.length;
    });
  }
}
