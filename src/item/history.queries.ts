import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { encodeCursor } from '../log/cursor.js';
import { LogQueries } from '../log/reader.queries.js';
import type { ItemHistoryConnection } from './history.js';
import { itemHistorySql } from './history.sql.js';

interface HistoryRow {
  [column: string]: unknown;
  seq: string;
  kind: string;
  at: Date;
  actor: string;
  actor_name: string | null;
  member_id: string | null;
  member_name: string | null;
  queue_name: string | null;
  data: Record<string, unknown>;
}

/** Reads what the log says of one item. */
@Injectable()
export class HistoryQueries {
  constructor(
    private readonly database: Database,
    private readonly log: LogQueries,
  ) {}

  async ofItem(
    projectId: number,
    itemId: string,
    { first, after, memberId }: { first: number; after: number; memberId: string | null },
  ): Promise<ItemHistoryConnection> {
    const { oldest } = await this.log.bounds(projectId);
    const params = [projectId, itemId, after, first + 1, memberId];
    const rows = await this.database.query<HistoryRow>(itemHistorySql, params);
    const edges = rows.slice(0, first).map((row) => ({
      cursor: encodeCursor(projectId, Number(row.seq)),
      node: {
        kind: row.kind,
        at: row.at,
        actor: row.actor,
        actorName: row.actor_name,
        memberId: row.member_id,
        memberName: row.member_name,
        queueName: row.queue_name,
        data: row.data,
      },
    }));
    return {
      edges,
      pageInfo: { hasNextPage: rows.length > first, endCursor: edges[edges.length - 1]?.cursor ?? null },
      isComplete: oldest <= 1,
    };
  }
}
