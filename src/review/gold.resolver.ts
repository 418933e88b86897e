import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import type { RequestContext } from '../graphql/context.js';
import { Queue } from '../project/queue.entity.js';
import { QueueQueries } from '../project/queue.queries.js';
import { MakeGoldInput, ResumeReviewerInput, RetireGoldInput } from './gold.input.js';
import { GoldService } from './gold.service.js';
import { Gold, GoldPayload, ResumeReviewerPayload } from './gold.type.js';
import { ReviewQueries } from './review.queries.js';

const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };

@Resolver(() => Gold)
export class GoldResolver {
  constructor(
    private readonly service: GoldService,
    private readonly queues: QueueQueries,
    private readonly reviews: ReviewQueries,
  ) {}

  @Query(() => [Gold], {
    description: 'The known answers of a queue, the newest first, retired ones last; at most 500.',
  })
  @Allow(MANAGERS)
  gold(
    @CurrentViewer() viewer: Viewer,
    @Args('queue', { type: () => String, description: "A queue's key." }) queue: string,
  ): Promise<Gold[]> {
    return this.service.list(viewer.projectId, queue);
  }

  @Mutation(() => GoldPayload, {
    description:
      'Mixes an output whose right answer is known in among the items of a queue, as often as its `gold.rate` says. ' +
      'Errors: NOT_FOUND, INVALID_INPUT, RUBRIC_VIOLATION, PAYLOAD_TOO_LARGE.',
  })
  @Allow(MANAGERS)
  async makeGold(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => MakeGoldInput }) input: MakeGoldInput,
  ): Promise<GoldPayload> {
    return { gold: await this.service.make(viewer, input) };
  }

  @Mutation(() => GoldPayload, {
    description: 'Nobody is given it any more; what was answered counts on. Errors: NOT_FOUND.',
  })
  @Allow(MANAGERS)
  async retireGold(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => RetireGoldInput }) { goldId }: RetireGoldInput,
  ): Promise<GoldPayload> {
    return { gold: await this.service.retire(viewer, goldId) };
  }

  @Mutation(() => ResumeReviewerPayload, {
    description:
      'Lets a paused reviewer go on in a queue; their right and wrong answers are counted anew from here. ' +
      'Errors: NOT_FOUND, INVALID_INPUT (they are not paused).',
  })
  @Allow(MANAGERS)
  async resumeReviewer(
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('input', { type: () => ResumeReviewerInput }) input: ResumeReviewerInput,
  ): Promise<ResumeReviewerPayload> {
    const queue = await this.service.resume(viewer, input.queue, input.memberId);
    return { queue, member: await this.reviews.member(context, viewer.projectId, input.memberId.toLowerCase()) };
  }

  @ResolveField(() => Queue)
  @AllowInherited()
  async queue(@Parent() { projectId, queueId }: Gold): Promise<Queue> {
    return (await this.queues.byIds(projectId, [queueId]))[0]!;
  }
}
