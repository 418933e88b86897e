import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Member } from '../access/member.entity.js';
import { Verdict } from '../item/verdict.js';
import type { RequestContext } from '../graphql/context.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemStatus } from '../item/item.lifecycle.js';
import { ItemQueries } from '../item/item.queries.js';
import { Agreement, Resolution } from './resolution.entity.js';
import { Review } from './review.entity.js';
import { ReviewQueries } from './review.queries.js';

/** What was said of an item: the part of its type that this folder adds. */
@Resolver(() => ReviewItem)
export class ItemAnswerResolver {
  constructor(private readonly queries: ReviewQueries) {}

  @ResolveField(() => [Review], {
    description:
      'By slot; as many as the item needs. Where the queue is blind, empty to a reviewer until their own review is in, ' +
      'and to anybody who holds the item for review.',
  })
  @AllowInherited()
  reviews(
    @Parent() item: ReviewItem,
    @Context() context: RequestContext,
    @Args('superseded', {
      type: () => Boolean,
      defaultValue: false,
      description: 'Also those that were revised, each before its revision.',
    })
    superseded: boolean,
  ): Promise<Review[]> {
    return this.queries.ofItem(context, item, superseded);
  }

  @ResolveField(() => Resolution, { nullable: true, description: 'Null until the item has its final answer.' })
  @AllowInherited()
  async resolution(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<Resolution | null> {
    // Of a reopened item the last answer is kept for its successor, but it is none.
    if (item.status !== ItemStatus.RESOLVED) return null;
    return this.queries.resolutionOf(context, item.projectId, item.id);
  }
}

@Resolver(() => Resolution)
export class ResolutionResolver {
  constructor(
    private readonly items: ItemQueries,
    private readonly reviews: ReviewQueries,
  ) {}

  @ResolveField(() => Member, { nullable: true, description: 'The adjudicator; null where nobody had to decide.' })
  @AllowInherited()
  decidedBy(
    @Parent() { projectId, decidedBy }: Resolution,
    @Context() context: RequestContext,
  ): Promise<Member> | null {
    return decidedBy === null ? null : this.reviews.member(context, projectId, decidedBy);
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description:
      'What the output should have been; the original output when confirmed; null when rejected without a correction.',
  })
  @AllowInherited()
  async output(@Parent() resolution: Resolution, @Context() context: RequestContext): Promise<unknown> {
    if (resolution.verdict !== Verdict.CONFIRMED) return resolution.output;
    const item = await this.items.load(context, resolution.projectId, resolution.itemId);
    return item ? (await this.items.loadEvidence(context, item)).output : null;
  }

  @ResolveField(() => Agreement, {
    nullable: true,
    description: "How far this item's reviews agree, and by which measure; null where one review was enough.",
  })
  @AllowInherited()
  agreement(@Parent() { agreementMetric: metric, agreementValue: value }: Resolution): Agreement | null {
    return metric === null || value === null ? null : { metric, value };
  }
}
