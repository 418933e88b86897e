import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import { deadlineSql } from './deadline.sql.js';

const BATCH = 200;

/** Resolves what is overdue in queues that say how, project by project. The deadline decides, not when this runs. */
@Injectable()
export class DeadlineService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** One pass over all projects; returns how many items were resolved. */
  async runOnce(): Promise<number> {
    let total = 0;
    for (const { id } of await this.database.query<{ id: number }>(`SELECT id FROM project ORDER BY id`)) {
      for (let resolved = BATCH; resolved >= BATCH; total += resolved) resolved = await this.resolve(id);
    }
    return total;
  }

  private async resolve(projectId: number): Promise<number> {
    const statement = { name: 'deadline', text: deadlineSql };
    const [row] = await this.database.query<{ resolved: number }>(statement, [projectId, BATCH]);
    if (row?.resolved) this.hint.wake(projectId);
    return row?.resolved ?? 0;
  }
}
