import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { BY_DAY, BY_SUBJECT, OPEN_NOW, VERSIONS_BY_DAY } from './tally.reads.sql.js';

export interface Sum {
  [column: string]: unknown;
  readonly subject: string;
  readonly measure: string;
  /** As YYYY-MM-DD; the empty text where days are summed up. */
  readonly day: string;
  readonly bucket: number;
  readonly n: number;
}

/** The days of some queues that are asked about. */
export interface Days {
  readonly projectId: number;
  readonly queueIds: readonly string[];
  readonly from: Date;
  readonly to: Date;
}

/** Reads of the sums by day. What they cost follows the days and the people, not the items. */
@Injectable()
export class TallyQueries {
  constructor(private readonly database: Database) {}

  /** Over the whole period; of one subject or of each. */
  bySubject(days: Days, measures: readonly string[], subject: string | null): Promise<Sum[]> {
    return this.database.query<Sum>(BY_SUBJECT, [...paramsOf(days), measures, subject]);
  }

  byDay(days: Days, measures: readonly string[]): Promise<Sum[]> {
    return this.database.query<Sum>(BY_DAY, [...paramsOf(days), measures]);
  }

  /** The versions with the most items, those first, and of each the days in their order. */
  versionsByDay(days: Days, measures: readonly string[], most: number): Promise<Sum[]> {
    return this.database.query<Sum>(VERSIONS_BY_DAY, [...paramsOf(days), measures, most]);
  }

  async open({ projectId, queueIds }: Days): Promise<number> {
    const [row] = await this.database.query<{ open: number }>(OPEN_NOW, [projectId, queueIds]);
    return row?.open ?? 0;
  }
}

function paramsOf({ projectId, queueIds, from, to }: Days): unknown[] {
  return [projectId, queueIds, from.toISOString().slice(0, 10), to.toISOString().slice(0, 10)];
}
