import { Args, Query, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { QueuePeriodArgs } from './insight.input.js';
import { ReviewerStats } from './reviewer-stats.js';
import { ReviewerStatsService } from './reviewer-stats.service.js';

@Resolver()
export class ReviewerStatsResolver {
  constructor(private readonly service: ReviewerStatsService) {}

  @Query(() => [ReviewerStats], {
    description:
      'What each member did in a queue or in all, over the whole days (UTC) that the period touches; who did most first, at most ' +
      '1,000. A reviewer sees only themselves. NOT_FOUND without such a queue.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  reviewerStats(@CurrentViewer() viewer: Viewer, @Args() args: QueuePeriodArgs): Promise<ReviewerStats[]> {
    return this.service.of(viewer, args);
  }
}
