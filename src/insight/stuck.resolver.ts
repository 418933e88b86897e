import { Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { QueueStats } from './queue-stats.js';
import { STUCK } from './stuck.sql.js';

/** A field of its own: it costs more than the counters, so only who asks for it pays. */
@Resolver(() => QueueStats)
export class StuckResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Int, {
    description:
      'Items that wait for a review which no active member can give: nobody has the skills, or all who have reviewed or ' +
      'skipped the item, or wrote it. Read as it is asked; at most the 200 most urgent of each lane are looked at.',
  })
  @AllowInherited()
  stuck(@Parent() { projectId, queueId }: QueueStats, @Context() context: RequestContext): Promise<number> {
    return loaderOf(context, 'QueueStats.stuck', () => this.loader(projectId)).load(queueId);
  }

  /** The queues of one operation belong to one project. It remembers nothing: see `QueueStatsResolver`. */
  private loader(projectId: number): DataLoader<string, number> {
    const read = async (queueIds: readonly string[]) => {
      const rows = await this.database.query<{ queue_id: string; stuck: number }>(STUCK, [projectId, queueIds]);
      const byId = new Map(rows.map((row) => [row.queue_id, row.stuck]));
      return queueIds.map((id) => byId.get(id) ?? 0);
    };
    return new DataLoader(read, { cache: false });
  }
}
