import { Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Member } from '../access/member.entity.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { Queue } from '../project/queue.entity.js';
import { QueueQueries } from '../project/queue.queries.js';
import { GoldService } from './gold.service.js';
import { ReviewerPause } from './gold.type.js';
import { ReviewQueries } from './review.queries.js';

@Resolver(() => ReviewerPause)
export class PauseResolver {
  constructor(
    private readonly gold: GoldService,
    private readonly queues: QueueQueries,
    private readonly reviews: ReviewQueries,
  ) {}

  @Query(() => [ReviewerPause], {
    description: 'Who is paused in which queue, the longest first; at most 1,000. `resumeReviewer` lets them go on.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  pauses(@CurrentViewer() viewer: Viewer): Promise<ReviewerPause[]> {
    return this.gold.pauses(viewer.projectId);
  }

  @ResolveField(() => Member)
  @AllowInherited()
  member(@Parent() pause: ReviewerPause, @Context() context: RequestContext): Promise<Member> {
    return this.reviews.member(context, pause.projectId, pause.memberId);
  }

  @ResolveField(() => Queue)
  @AllowInherited()
  queue(@Parent() { projectId, queueId }: ReviewerPause, @Context() context: RequestContext): Promise<Queue> {
    const loader = loaderOf(context, 'ReviewerPause.queue', () => {
      const load = async (ids: readonly string[]) => {
        const byId = new Map((await this.queues.byIds(projectId, ids)).map((queue) => [queue.id, queue]));
        return ids.map((id) => byId.get(id) ?? new Error(`queue ${id} is not there`));
      };
      return new DataLoader<string, Queue>(load, { cache: false });
    });
    return loader.load(queueId);
  }
}
