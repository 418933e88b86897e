import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import type { LogEvent } from '../log/event.js';
import { type LogFold, LogFolds } from '../log/fold.js';
import { countEvents, COUNTS } from './queue-count.js';
import { ADD_COUNTS } from './queue-count.sql.js';

/** Keeps `queue_count` up to date with the log. */
@Injectable()
export class QueueCountFold implements LogFold {
  readonly name = 'queue_count';

  constructor(folds: LogFolds) {
    folds.register(this);
  }

  async apply(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void> {
    const changes = [...countEvents(events)].filter(([, counts]) => COUNTS.some((column) => counts[column] !== 0));
    if (changes.length === 0) return;
    const queueIds = changes.map(([queueId]) => queueId);
    const columns = COUNTS.map((column) => changes.map(([, counts]) => counts[column]));
    await tx.query(ADD_COUNTS, [projectId, queueIds, ...columns]);
  }
}
