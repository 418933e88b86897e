import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';

import { Role } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import type { ReviewItem } from './item.entity.js';
import { hiddenSignalsSql } from './sight.sql.js';

/** Whether a viewer may see what the system thought of its output; sight.sql.ts says who may not. */
@Injectable()
export class Sight {
  constructor(private readonly database: Database) {}

  async hidesSignals(context: RequestContext, { projectId, id }: ReviewItem): Promise<boolean> {
    const { member } = context.viewer ?? {};
    // Keys judge nothing.
    if (!member) return false;
    const loader = loaderOf(context, `sight:${projectId}`, () => {
      const load = async (ids: readonly string[]) => {
        const params = [projectId, ids, member.id, member.role === Role.REVIEWER];
        const rows = await this.database.query<{ id: string }>(hiddenSignalsSql, params);
        const hidden = new Set(rows.map((row) => row.id));
        return ids.map((one) => hidden.has(one));
      };
      return new DataLoader<string, boolean>(load, { maxBatchSize: 1_000, cache: false });
    });
    return loader.load(id);
  }
}
