import { Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow, AllowInherited } from '../access/allow.js';
import { ApiKeyScope, Role } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemStatus } from '../item/item.lifecycle.js';
import { QueueStats } from './queue-stats.js';
import { UNDECIDABLE, UNDECIDABLE_ITEMS } from './undecidable.sql.js';

interface Counted {
  readonly queueId: string;
  readonly hasDeciders: boolean;
  readonly count: number;
}

/** What waits for a decision that nobody may make: as stuck as what nobody can review. */
@Resolver(() => QueueStats)
export class UndecidableResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Int, {
    description:
      'Items that need adjudication which no active manager or admin may give: all reviewed, escalated or wrote them. ' +
      'Read as it is asked.',
  })
  @AllowInherited()
  async undecidable(
    @Parent() { projectId, queueId, needsAdjudication }: QueueStats,
    @Context() context: RequestContext,
  ): Promise<number> {
    if (needsAdjudication === 0) return 0;
    const found = await loaderOf(context, 'QueueStats.undecidable', () => this.loader(projectId)).load(queueId);
    return found.hasDeciders ? found.count : needsAdjudication;
  }

  /** The queues of one operation belong to one project. It remembers nothing: see `QueueStatsResolver`. */
  private loader(projectId: number): DataLoader<string, Counted> {
    const read = async (queueIds: readonly string[]) => {
      const rows = await this.database.query<Counted & object>(UNDECIDABLE, [projectId, [...new Set(queueIds)]]);
      return queueIds.map((id) => rows.find(({ queueId }) => queueId === id)!);
    };
    return new DataLoader(read, { cache: false });
  }
}

@Resolver(() => ReviewItem)
export class UndecidableItemResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Boolean, {
    description:
      'It needs adjudication, and no active manager or admin may give it: all reviewed, escalated or wrote it.',
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  async isUndecidable(
    @Parent() { projectId, id, status }: ReviewItem,
    @Context() context: RequestContext,
  ): Promise<boolean> {
    if (status !== ItemStatus.NEEDS_ADJUDICATION) return false;
    const loader = loaderOf(context, `undecidable:${projectId}`, () => {
      const load = async (ids: readonly string[]) => {
        const rows = await this.database.query<{ id: string }>(UNDECIDABLE_ITEMS, [projectId, ids]);
        const found = new Set(rows.map((row) => row.id));
        return ids.map((itemId) => found.has(itemId));
      };
      return new DataLoader<string, boolean>(load, { cache: false, maxBatchSize: 200 });
    });
    return loader.load(id);
  }
}
