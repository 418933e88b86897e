import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import type { LogEvent } from '../log/event.js';
import { type LogFold, LogFolds } from '../log/fold.js';
import { ADD_TALLIES } from './tally.sql.js';
import { tallyEvents } from './tally.js';

/** Keeps `tally` up to date with the log: one statement a batch, none if nothing in it is counted. */
@Injectable()
export class TallyFold implements LogFold {
  readonly name = 'tally';

  constructor(folds: LogFolds) {
    folds.register(this);
  }

  async apply(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void> {
    const counted = tallyEvents(events);
    if (counted.length === 0) return;
    await tx.query(ADD_TALLIES, [projectId, JSON.stringify(counted), events[0]!.seq]);
  }
}
