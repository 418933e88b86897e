import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow } from '../access/allow.js';
import { ApiKeyScope, Role } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { Queue } from '../project/queue.entity.js';
import { STATS } from './queue-count.sql.js';
import { QueueStats } from './queue-stats.js';

interface StatsRow {
  queue_id: string;
  open: number;
  leased: number;
  needs_adjudication: number;
  resolved: number;
  overdue: number;
  oldest_open_at: Date | null;
}

@Resolver(() => Queue)
export class QueueStatsResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => QueueStats)
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) })
  stats(@Parent() queue: Queue, @Context() context: RequestContext): Promise<QueueStats> {
    return loaderOf(context, 'QueueStats', () => this.loader(queue.projectId)).load(queue.id);
  }

  /**
   * The queues of one operation belong to one project, so one statement answers for all that are asked for at once. It
   * remembers nothing: in a subscription the operation lives as long as the stream.
   */
  private loader(projectId: number): DataLoader<string, QueueStats> {
    const read = async (queueIds: readonly string[]) => {
      const rows = await this.database.query<StatsRow>(STATS, [projectId, queueIds]);
      const byId = new Map(rows.map((row) => [row.queue_id, toStats(projectId, row)]));
      return queueIds.map((id) => byId.get(id) ?? new Error(`no figures for queue ${id}`));
    };
    return new DataLoader(read, { cache: false });
  }
}

function toStats(projectId: number, row: StatsRow): QueueStats {
  return {
    projectId,
    queueId: row.queue_id,
    open: row.open,
    leased: row.leased,
    needsAdjudication: row.needs_adjudication,
    resolved: row.resolved,
    overdue: row.overdue,
    oldestOpenAt: row.oldest_open_at,
  };
}
