import { Args, Query, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { QueuePeriodArgs } from './insight.input.js';
import { QueueTrends } from './queue-trends.js';
import { QueueTrendsService } from './queue-trends.service.js';

@Resolver()
export class QueueTrendsResolver {
  constructor(private readonly service: QueueTrendsService) {}

  @Query(() => QueueTrends, {
    description:
      'What arrived in a queue or in all, what was answered and how fast, and how often each model and prompt had to be corrected, ' +
      'over the whole days (UTC) that the period touches. NOT_FOUND without such a queue.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  queueTrends(@CurrentViewer() viewer: Viewer, @Args() args: QueuePeriodArgs): Promise<QueueTrends> {
    return this.service.of(viewer.projectId, args);
  }
}
