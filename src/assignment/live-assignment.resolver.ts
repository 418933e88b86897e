import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { ApiKeyScope, Role } from '../access/viewer.js';
import type { RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { LiveAssignment } from './live-assignment.js';
import { LiveAssignmentQueries } from './live-assignment.queries.js';

/** Who holds an item: the part of its type that this folder adds. */
@Resolver(() => ReviewItem)
export class LiveAssignmentResolver {
  constructor(private readonly queries: LiveAssignmentQueries) {}

  @ResolveField(() => [LiveAssignment], {
    description: 'Who holds it for review now; at most as many as it needs reviews.',
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  liveAssignments(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<LiveAssignment[]> {
    return this.queries.ofItem(context, item.projectId, item.id);
  }
}
