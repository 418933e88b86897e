import {
  Args,
  Context,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { actorOf, ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { checkInput } from '../graphql/input.pipe.js';
import { Queue } from '../project/queue.entity.js';
import { decodeItemCursor, isUuid } from './item.cursor.js';
import { ReviewItemConnection } from './item.connection.js';
import { ReviewItem } from './item.entity.js';
import { ItemFilter, WithdrawItemInput } from './item.input.js';
import { ItemQueries } from './item.queries.js';
import { WithdrawalService } from './withdrawal.service.js';

const MOST_A_PAGE = 100;
const READERS = { scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) };

@ObjectType()
@AllowInherited()
export class WithdrawItemPayload {
  @Field(() => ReviewItem)
  item: ReviewItem;
}

@Resolver(() => ReviewItem)
export class ItemResolver {
  constructor(
    private readonly queries: ItemQueries,
    private readonly withdrawal: WithdrawalService,
  ) {}

  @Query(() => ReviewItem, {
    nullable: true,
    description: 'Null when there is none. A key with the scope FLAG alone sees the items that it flagged itself.',
  })
  @Allow({ ...READERS, scopes: [...READERS.scopes, ApiKeyScope.FLAG] })
  async item(
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ReviewItem | null> {
    if (!isUuid(id)) return null;
    const item = await this.queries.load(context, viewer.projectId, id.toLowerCase());
    const seesAll = viewer.member !== null || READERS.scopes.some((scope) => viewer.scopes.includes(scope));
    if (!item || seesAll) return item;
    return (await this.queries.isFlaggedBy(viewer.projectId, item.id, actorOf(viewer))) ? item : null;
  }

  @Query(() => ReviewItemConnection, { description: 'Newest first. `first` is 1 to 100.' })
  @Allow(READERS)
  async items(
    @CurrentViewer() viewer: Viewer,
    @Args('filter', { type: () => ItemFilter, nullable: true }) filter: ItemFilter | null,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<ReviewItemConnection> {
    if (first < 1 || first > MOST_A_PAGE) {
      throw new Refusal('INVALID_INPUT', `first: ${first} is out of range; ask for 1 to ${MOST_A_PAGE} items a page.`);
    }
    const place = { first, after: after ? decodeItemCursor(after) : null, reviewerId: reviewerIdOf(viewer) };
    const checked = filter ? await checkInput(ItemFilter, filter, 'filter') : {};
    return this.queries.page(viewer.projectId, checked, place);
  }

  @Mutation(() => WithdrawItemPayload, {
    description:
      'Takes an item back before it is answered: nobody is offered it any more. A key with FLAG may do so with what it ' +
      'flagged itself. ALREADY_RESOLVED when it has its answer; withdrawing twice changes nothing.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE, ApiKeyScope.FLAG], roles: [Role.ADMIN, Role.MANAGER] })
  async withdrawItem(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => WithdrawItemInput }) input: WithdrawItemInput,
  ): Promise<WithdrawItemPayload> {
    await this.withdrawal.withdraw(viewer, input.itemId, input.reason ?? null);
    const [item] = await this.queries.byIds(viewer.projectId, [input.itemId.toLowerCase()]);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    return { item };
  }

  @ResolveField(() => Queue)
  @AllowInherited()
  queue(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<Queue> {
    return this.queries.loadQueue(context, item);
  }

  @ResolveField(() => Int, {
    description:
      'How many may come to answer it, as its queue says now, if they agree too little: at least reviewsRequired.',
  })
  @AllowInherited()
  async reviewsMax(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<number> {
    const queue = await this.queries.loadQueue(context, item);
    return Math.max(item.reviewsRequired, queue.reviewsMax ?? 0);
  }

  @ResolveField(() => JsonScalar, { description: 'What the system was asked.' })
  @AllowInherited()
  async input(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<unknown> {
    return (await this.queries.loadEvidence(context, item)).input;
  }

  @ResolveField(() => JsonScalar, { description: 'What the system answered: the output that is judged.' })
  @AllowInherited()
  async output(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<unknown> {
    return (await this.queries.loadEvidence(context, item)).output;
  }

  @ResolveField(() => [JsonScalar], {
    description: 'What the system had in front of it: retrieved passages, tool results.',
  })
  @AllowInherited()
  async context(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<unknown[]> {
    return (await this.queries.loadEvidence(context, item)).context;
  }

  @ResolveField(() => JsonScalar, { nullable: true })
  @AllowInherited()
  async metadata(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<unknown> {
    return (await this.queries.loadEvidence(context, item)).metadata;
  }
}

@Resolver(() => ReviewItemConnection)
export class ItemConnectionResolver {
  constructor(private readonly queries: ItemQueries) {}

  @ResolveField(() => Int, {
    nullable: true,
    description: 'How many there are in all; null beyond 10,000. Counted only when it is asked for.',
  })
  @AllowInherited()
  totalCount(@Parent() { filter }: ReviewItemConnection, @CurrentViewer() viewer: Viewer): Promise<number | null> {
    return this.queries.count(viewer.projectId, filter, reviewerIdOf(viewer));
  }
}

/** Of somebody who is only a reviewer, from whom queues may hide things. */
function reviewerIdOf({ member }: Viewer): string | null {
  return member?.role === Role.REVIEWER ? member.id : null;
}
