import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';

import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import type { LiveAssignment } from './live-assignment.js';

interface LiveRow {
  [column: string]: unknown;
  item_id: string;
  id: string;
  member_id: string;
  member_name: string;
  claimed_at: Date;
  lease_expires_at: Date;
}

const liveByItemSql = {
  name: 'live-by-item',
  text: `
    SELECT a.item_id, a.id, a.member_id, m.name AS member_name, a.claimed_at, a.lease_expires_at
      FROM assignment a JOIN member m ON m.project_id = $1 AND m.id = a.member_id
     WHERE a.project_id = $1 AND a.item_id = ANY ($2::uuid[]) AND a.lease_expires_at > now()
     ORDER BY a.item_id, a.slot`,
};

/** Live leases by item; all that one operation asks for come in one statement. */
@Injectable()
export class LiveAssignmentQueries {
  constructor(private readonly database: Database) {}

  ofItem(context: RequestContext, projectId: number, itemId: string): Promise<LiveAssignment[]> {
    const loader = loaderOf(context, `live-assignments:${projectId}`, () => {
      const load = (itemIds: readonly string[]) => this.ofItems(projectId, itemIds);
      return new DataLoader<string, LiveAssignment[]>(load, { cache: false, maxBatchSize: 200 });
    });
    return loader.load(itemId);
  }

  private async ofItems(projectId: number, itemIds: readonly string[]): Promise<LiveAssignment[][]> {
    const rows = await this.database.query<LiveRow>(liveByItemSql, [projectId, itemIds]);
    const byItem = new Map<string, LiveAssignment[]>(itemIds.map((id) => [id, []]));
    for (const row of rows) {
      byItem.get(row.item_id)?.push({
        id: row.id,
        memberId: row.member_id,
        memberName: row.member_name,
        claimedAt: row.claimed_at,
        leaseExpiresAt: row.lease_expires_at,
      });
    }
    return itemIds.map((id) => byItem.get(id) ?? []);
  }
}
