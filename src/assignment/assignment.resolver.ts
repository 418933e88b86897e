import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import type { RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemQueries } from '../item/item.queries.js';
import { Assignment } from './assignment.entity.js';
import { ClaimNextInput, LeaseInput, ReleaseInput, SaveDraftInput } from './assignment.input.js';
import { AssignmentPayload, ClaimNextPayload } from './assignment.payload.js';
import { AssignmentQueries } from './assignment.queries.js';
import { ClaimService } from './claim.service.js';
import { LeaseService } from './lease.service.js';
import { reviewerOf } from './reviewer.js';

const REVIEWERS = { roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] };

@Resolver(() => Assignment)
export class AssignmentResolver {
  constructor(
    private readonly claims: ClaimService,
    private readonly leases: LeaseService,
    private readonly queries: AssignmentQueries,
    private readonly items: ItemQueries,
  ) {}

  @Query(() => [Assignment], { description: "The viewer's own live assignments, the oldest first; at most 10." })
  @Allow(REVIEWERS)
  async assignments(@CurrentViewer() viewer: Viewer): Promise<Assignment[]> {
    const { projectId, member } = reviewerOf(viewer);
    return this.queries.live(projectId, member.id);
  }

  @Mutation(() => ClaimNextPayload, {
    description:
      'Leases the most urgent items that the viewer may review. Never one that they hold, reviewed or skipped. ' +
      'Nothing to do is no error: the list is shorter, and emptyReason says why. What an answer that got lost ' +
      'had leased is in `assignments`. Errors: NOT_FOUND (no such queue), OVERLOADED.',
  })
  @Allow(REVIEWERS)
  async claimNext(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => ClaimNextInput }) input: ClaimNextInput,
  ): Promise<ClaimNextPayload> {
    return this.claims.claimNext(reviewerOf(viewer), input.queue ?? null, input.count ?? 1);
  }

  @Mutation(() => AssignmentPayload, {
    description: 'Starts the lease anew from now. Errors: LEASE_LOST, ALREADY_RESOLVED, NOT_FOUND.',
  })
  @Allow(REVIEWERS)
  async renewLease(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => LeaseInput }) input: LeaseInput,
  ): Promise<AssignmentPayload> {
    return { assignment: await this.leases.renew(reviewerOf(viewer), input) };
  }

  @Mutation(() => AssignmentPayload, {
    description:
      'Keeps what the reviewer has written so far, replacing what was kept before. Does not renew the lease. ' +
      'Errors: LEASE_LOST and ALREADY_RESOLVED (draftKept says whether it was kept nevertheless), NOT_FOUND, PAYLOAD_TOO_LARGE.',
  })
  @Allow(REVIEWERS)
  async saveDraft(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => SaveDraftInput }) input: SaveDraftInput,
  ): Promise<AssignmentPayload> {
    return { assignment: await this.leases.saveDraft(reviewerOf(viewer), input, input) };
  }

  @Mutation(() => AssignmentPayload, {
    description:
      'Gives the item back, at the place in the queue where it was. The draft is kept for the same reviewer. ' +
      'Errors: LEASE_LOST, ALREADY_RESOLVED, INVALID_INPUT (this queue asks why an item is skipped), NOT_FOUND.',
  })
  @Allow(REVIEWERS)
  async releaseAssignment(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => ReleaseInput }) input: ReleaseInput,
  ): Promise<AssignmentPayload> {
    const options = { skip: input.skip ?? false, reason: input.reason ?? null };
    return { assignment: await this.leases.release(reviewerOf(viewer), input, options) };
  }

  @ResolveField(() => ReviewItem)
  @Allow(REVIEWERS)
  item(@Parent() assignment: Assignment, @Context() context: RequestContext): Promise<ReviewItem | null> {
    return this.items.load(context, assignment.projectId, assignment.itemId);
  }
}
