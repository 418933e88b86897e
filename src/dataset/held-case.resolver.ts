import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemQueries } from '../item/item.queries.js';
import { HeldCaseQueries } from './held-case.queries.js';
import { CaseConflictConnection, HeldCase, HeldCaseConnection } from './held-case.type.js';

const MOST_A_PAGE = 100;
const READERS = {
  scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT, ApiKeyScope.MANAGE],
  roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER],
};

@Resolver(() => HeldCase)
export class HeldCaseResolver {
  constructor(
    private readonly held: HeldCaseQueries,
    private readonly items: ItemQueries,
  ) {}

  @Query(() => HeldCaseConnection, {
    description: "What does not reach the dataset's bar, oldest items first. `first` is 1 to 100.",
  })
  @Allow(READERS)
  quarantine(
    @CurrentViewer() viewer: Viewer,
    @Args('dataset', { type: () => String }) dataset: string,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<HeldCaseConnection> {
    return this.held.quarantine(viewer.projectId, { dataset, first: bounded(first), after: after ?? null });
  }

  @Query(() => CaseConflictConnection, {
    description: 'Inputs that were resolved in ways which contradict each other. `first` is 1 to 100.',
  })
  @Allow(READERS)
  conflicts(
    @CurrentViewer() viewer: Viewer,
    @Args('dataset', { type: () => String }) dataset: string,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<CaseConflictConnection> {
    return this.held.conflicts(viewer.projectId, { dataset, first: bounded(first), after: after ?? null });
  }

  @ResolveField(() => ReviewItem, { description: 'The item that it would be made of.' })
  @AllowInherited()
  async item(
    @Parent() { itemId }: HeldCase,
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
  ): Promise<ReviewItem> {
    const item = await this.items.load(context, viewer.projectId, itemId);
    if (!item) throw new Error(`item ${itemId} of a held case is not there`);
    return item;
  }
}

function bounded(first: number): number {
  if (first >= 1 && first <= MOST_A_PAGE) return first;
  throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_A_PAGE}; it is ${first}.`);
}
