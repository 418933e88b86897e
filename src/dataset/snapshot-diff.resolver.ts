import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { SnapshotDiffQueries } from './snapshot-diff.queries.js';
import { CaseChange, ChangedCaseConnection, SnapshotDiff } from './snapshot-diff.type.js';

const MOST_A_PAGE = 500;

@Resolver(() => SnapshotDiff)
export class SnapshotDiffResolver {
  constructor(private readonly queries: SnapshotDiffQueries) {}

  @Query(() => SnapshotDiff, {
    description: 'What changed from a snapshot to a later one, or to the dataset as it is when `to` is left out.',
  })
  @Allow({
    scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT, ApiKeyScope.MANAGE],
    roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER],
  })
  snapshotDiff(
    @CurrentViewer() viewer: Viewer,
    @Args('dataset', { type: () => String }) dataset: string,
    @Args('from', { type: () => Int }) from: number,
    @Args('to', { type: () => Int, nullable: true }) to: number | null,
  ): Promise<SnapshotDiff> {
    return this.queries.diff(viewer.projectId, dataset, from, to ?? null);
  }

  @ResolveField(() => ChangedCaseConnection, { description: 'By id of the cases. `first` is 1 to 500.' })
  @AllowInherited()
  cases(
    @Parent() diff: SnapshotDiff,
    @Args('change', { type: () => CaseChange, nullable: true }) change: CaseChange | null,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<ChangedCaseConnection> {
    if (first < 1 || first > MOST_A_PAGE) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_A_PAGE}; it is ${first}.`);
    }
    return this.queries.changes(diff, { change: change ?? null, first, after: after ?? null });
  }
}
