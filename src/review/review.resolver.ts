import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Member } from '../access/member.entity.js';
import { Role, type Viewer } from '../access/viewer.js';
import { reviewerOf } from '../assignment/reviewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemQueries } from '../item/item.queries.js';
import { AdjudicationService } from './adjudication.service.js';
import { Review } from './review.entity.js';
import { AdjudicateInput, SubmitReviewInput } from './review.input.js';
import { AdjudicatePayload, SubmitReviewPayload } from './review.payload.js';
import { ReviewQueries } from './review.queries.js';
import { SubmitService } from './submit.service.js';

@Resolver(() => Review)
export class ReviewResolver {
  constructor(
    private readonly submits: SubmitService,
    private readonly adjudications: AdjudicationService,
    private readonly reviews: ReviewQueries,
    private readonly items: ItemQueries,
  ) {}

  @Mutation(() => SubmitReviewPayload, {
    description:
      'Answers an assignment, which ends its lease. The same answer sent again gives the same review. ' +
      'Errors: LEASE_LOST and ALREADY_RESOLVED (draftKept says whether the answer is kept as a draft), RUBRIC_VIOLATION, ' +
      'DUPLICATE_CONFLICT (another answer was submitted under this lease), INVALID_INPUT, PAYLOAD_TOO_LARGE, NOT_FOUND.',
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async submitReview(
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('input', { type: () => SubmitReviewInput }) input: SubmitReviewInput,
  ): Promise<SubmitReviewPayload> {
    const review = await this.submits.submit(reviewerOf(viewer), input, input);
    return { review, item: await this.itemOf(context, review.projectId, review.itemId) };
  }

  @Mutation(() => AdjudicatePayload, {
    description:
      'Decides an item whose reviews disagree or that was escalated; not for one of its reviewers or authors, nor who ' +
      'escalated it. The decision is final. Errors: FORBIDDEN, ' +
      'ALREADY_RESOLVED, INVALID_INPUT (the item does not wait for a decision), RUBRIC_VIOLATION, NOT_FOUND.',
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER] })
  async adjudicate(
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('input', { type: () => AdjudicateInput }) input: AdjudicateInput,
  ): Promise<AdjudicatePayload> {
    await this.adjudications.adjudicate(reviewerOf(viewer), input.itemId, input);
    return { item: await this.itemOf(context, viewer.projectId, input.itemId.toLowerCase()) };
  }

  @ResolveField(() => ReviewItem)
  @AllowInherited()
  item(@Parent() review: Review, @Context() context: RequestContext): Promise<ReviewItem> {
    return this.itemOf(context, review.projectId, review.itemId);
  }

  @ResolveField(() => Member)
  @AllowInherited()
  reviewer(@Parent() review: Review, @Context() context: RequestContext): Promise<Member> {
    return this.reviews.member(context, review.projectId, review.memberId);
  }

  private async itemOf(context: RequestContext, projectId: number, itemId: string): Promise<ReviewItem> {
    const item = await this.items.load(context, projectId, itemId);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    return item;
  }
}
