import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import { reviewerOf } from '../assignment/reviewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { ItemQueries } from '../item/item.queries.js';
import { Review } from './review.entity.js';
import { SubmitReviewPayload } from './review.payload.js';
import { ReviewQueries } from './review.queries.js';
import { ReviseReviewInput } from './revise.input.js';
import { ReviseService } from './revise.service.js';

@Resolver(() => Review)
export class ReviseResolver {
  constructor(
    private readonly revisions: ReviseService,
    private readonly reviews: ReviewQueries,
    private readonly items: ItemQueries,
  ) {}

  @Mutation(() => SubmitReviewPayload, {
    description:
      "Changes the viewer's own review, for as long as the queue allows: a new review supersedes it, and the item is " +
      'resolved again, or waits for adjudication where its reviews no longer agree. The same answer sent again gives the ' +
      'same review. Errors: NOT_FOUND (not the viewer’s review), FORBIDDEN (the time is over), ALREADY_RESOLVED (an ' +
      'adjudicator or the deadline decided, or the item was withdrawn), DUPLICATE_CONFLICT (it was revised before; ' +
      'reviewId names the newest), RUBRIC_VIOLATION, INVALID_INPUT, PAYLOAD_TOO_LARGE.',
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async reviseReview(
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('input', { type: () => ReviseReviewInput }) input: ReviseReviewInput,
  ): Promise<SubmitReviewPayload> {
    const review = await this.revisions.revise(reviewerOf(viewer), input.reviewId.toLowerCase(), input);
    const item = await this.items.load(context, review.projectId, review.itemId);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    return { review, item };
  }

  @ResolveField(() => ID, { nullable: true, description: 'The review that revises this one; null for the newest.' })
  @AllowInherited()
  supersededBy(@Parent() review: Review, @Context() context: RequestContext): Promise<string | null> {
    return this.reviews.supersededBy(context, review);
  }
}
