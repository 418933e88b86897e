import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { checkInput } from '../graphql/input.pipe.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemQueries } from '../item/item.queries.js';
import { CaseHistoryQueries } from './case-history.queries.js';
import { EvalCaseArgs, EvalCaseFilter } from './case-history.input.js';
import { EvalCaseQueries } from './eval-case.queries.js';
import { EvalCase, EvalCaseConnection } from './eval-case.type.js';

const MOST_A_PAGE = 100;

@Resolver(() => EvalCase)
export class EvalCaseResolver {
  constructor(
    private readonly cases: EvalCaseQueries,
    private readonly items: ItemQueries,
    private readonly history: CaseHistoryQueries,
  ) {}

  @Query(() => EvalCaseConnection, {
    description:
      'The cases of a dataset, as they are or as they were in a snapshot, by id. `first` is 1 to 100; for whole ' +
      'datasets there is GET /export. With a `filter` the dataset as it is, and a page may be short, or empty, though more ' +
      'follows: it ends after looking at 20,000 cases.',
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  async evalCases(@CurrentViewer() viewer: Viewer, @Args() args: EvalCaseArgs): Promise<EvalCaseConnection> {
    const { dataset, first, snapshot = null, after = null, filter = null } = args;
    if (first < 1 || first > MOST_A_PAGE) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_A_PAGE}; it is ${first}.`);
    }
    if (!filter) return this.cases.page(viewer.projectId, { dataset, snapshot, first, after });
    if (snapshot !== null) {
      throw new Refusal('INVALID_INPUT', 'filter: only of the dataset as it is, not of a snapshot.');
    }
    const checked = await checkInput(EvalCaseFilter, filter, 'filter');
    return this.history.search(viewer.projectId, { dataset, filter: checked, first, after });
  }

  @ResolveField(() => ReviewItem, { description: 'The item that it was made of.' })
  @AllowInherited()
  async item(
    @Parent() { itemId }: EvalCase,
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
  ): Promise<ReviewItem> {
    const item = await this.items.load(context, viewer.projectId, itemId);
    if (!item) throw new Error(`item ${itemId} of an eval case is not there`);
    return item;
  }
}
