import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { isUuid } from '../item/item.cursor.js';
import { CaseHistoryQueries, type WantedCase } from './case-history.queries.js';
import { CaseRevision } from './case-history.type.js';
import { EvalCase } from './eval-case.type.js';
import { ChangedCase } from './snapshot-diff.type.js';

const MOST_LISTED = 100;
const READERS = {
  scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT],
  roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER],
};

/** What single cases are and were. */
@Resolver(() => ChangedCase)
export class CaseHistoryResolver {
  constructor(private readonly queries: CaseHistoryQueries) {}

  @Query(() => EvalCase, {
    nullable: true,
    description: 'A case as it is, or as it was in a revision. Null when there is none, or when it was retracted.',
  })
  @Allow(READERS)
  async evalCase(
    @CurrentViewer() viewer: Viewer,
    @Args('dataset', { type: () => String, description: "A dataset's key." }) dataset: string,
    @Args('id', { type: () => ID }) id: string,
    @Args('revision', { type: () => Int, nullable: true }) revision: number | null,
  ): Promise<EvalCase | null> {
    if (!isUuid(id)) return null;
    const [found] = await this.queries.cases(viewer.projectId, dataset, [{ id, revision: revision ?? null }]);
    return found ?? null;
  }

  @Query(() => [CaseRevision], {
    description: 'What a case was over time, the newest first; `first` is 1 to 100. None without such a case.',
  })
  @Allow(READERS)
  async caseRevisions(
    @CurrentViewer() viewer: Viewer,
    @Args('dataset', { type: () => String, description: "A dataset's key." }) dataset: string,
    @Args('caseId', { type: () => ID }) caseId: string,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<CaseRevision[]> {
    if (first < 1 || first > MOST_LISTED) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_LISTED}; it is ${first}.`);
    }
    return isUuid(caseId) ? this.queries.revisions(viewer.projectId, dataset, caseId, first) : [];
  }

  @ResolveField(() => EvalCase, { nullable: true, description: 'The case in `fromRevision`.' })
  @AllowInherited()
  before(@Parent() changed: ChangedCase, @Context() context: RequestContext): Promise<EvalCase | null> {
    return this.revisionOf(changed, changed.fromRevision, context);
  }

  @ResolveField(() => EvalCase, { nullable: true, description: 'The case in `toRevision`.' })
  @AllowInherited()
  after(@Parent() changed: ChangedCase, @Context() context: RequestContext): Promise<EvalCase | null> {
    return this.revisionOf(changed, changed.toRevision, context);
  }

  private async revisionOf(
    { projectId, dataset, caseId }: ChangedCase,
    revision: number | null,
    context: RequestContext,
  ): Promise<EvalCase | null> {
    if (revision === null) return null;
    const read = (wanted: readonly WantedCase[]) => this.queries.cases(projectId, dataset, wanted);
    const loader = loaderOf(context, `changed cases of ${dataset}`, () => new DataLoader(read, { cache: false }));
    return loader.load({ id: caseId, revision });
  }
}
