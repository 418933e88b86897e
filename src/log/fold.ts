import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import type { LogEvent } from './event.js';

/** What is derived from the log and kept up to date with it. */
export interface LogFold {
  readonly name: string;
  /**
   * Adds what these events of one project mean to the fold's own tables, in the transaction that gives them their place
   * in the log: so it sees each event once, in order. One statement if possible; every batch waits for it.
   */
  apply(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void>;
}

/** The folds of this service. A folder that derives something registers its fold when its module is made. */
@Injectable()
export class LogFolds {
  private readonly folds: LogFold[] = [];

  register(fold: LogFold): void {
    this.folds.push(fold);
  }

  get all(): readonly LogFold[] {
    return this.folds;
  }
}
