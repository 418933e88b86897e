import { Args, Context, Field, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { Dataset } from './dataset.entity.js';
import { EvalCase } from './eval-case.type.js';
import { ReportEvalRunInput } from './eval-run.input.js';
import { EvalRunQueries } from './eval-run.queries.js';
import { EvalRunService } from './eval-run.service.js';
import { EvalFailure, EvalResult, EvalRun } from './eval-run.type.js';

const MOST_LISTED = 100;

@ObjectType()
@AllowInherited()
export class ReportEvalRunPayload {
  @Field(() => EvalRun)
  run: EvalRun;

  @Field(() => Boolean, { description: 'False when exactly this was reported before: nothing was changed.' })
  isNew: boolean;

  @Field(() => Int, {
    description: 'Waiting items, up to 100, whose priority was raised because they are like a failed case.',
  })
  raised: number;
}

@Resolver(() => Dataset)
export class EvalRunResolver {
  constructor(
    private readonly queries: EvalRunQueries,
    private readonly service: EvalRunService,
  ) {}

  @Mutation(() => ReportEvalRunPayload, {
    description:
      'Tells how a suite ended on the cases of a dataset. What waits in the queues that feed it and is like a failed ' +
      'case is raised: to priority 7 with the same group key or an almost identical input, to 5 with the same source and ' +
      'category. Errors: NOT_FOUND, INVALID_INPUT (an unknown case), DUPLICATE_CONFLICT (the run id with other results).',
  })
  // EXPORT, since a job that runs cases holds the key that exported them; what it can change is bounded by the rule above.
  @Allow({ scopes: [ApiKeyScope.EXPORT, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  async reportEvalRun(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => ReportEvalRunInput }) input: ReportEvalRunInput,
  ): Promise<ReportEvalRunPayload> {
    const { id, ...reported } = await this.service.report(viewer, input);
    return { run: await this.queries.byId(viewer.projectId, id), ...reported };
  }

  @ResolveField(() => [EvalRun], { description: 'Runs that were reported, newest first; `first` is 1 to 100.' })
  @AllowInherited()
  evalRuns(
    @Parent() { id, projectId }: Dataset,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<EvalRun[]> {
    return this.queries.ofDataset(projectId, id, bounded(first));
  }
}

@Resolver(() => EvalCase)
export class EvalResultResolver {
  constructor(private readonly queries: EvalRunQueries) {}

  @ResolveField(() => [EvalResult], {
    description: 'How it ended in the runs that were reported, newest first; `first` is 1 to 100.',
  })
  @AllowInherited()
  results(
    @Parent() { id }: EvalCase,
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<EvalResult[]> {
    return this.queries.ofCase(context, viewer.projectId, id, bounded(first));
  }
}

@Resolver(() => ReviewItem)
export class EvalFailureResolver {
  constructor(private readonly queries: EvalRunQueries) {}

  @ResolveField(() => [EvalFailure], {
    description: 'Runs of suites in which a case made of this item failed, newest first; `first` is 1 to 100.',
  })
  @Allow({
    scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT, ApiKeyScope.MANAGE],
    roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.VIEWER],
  })
  evalFailures(
    @Parent() { id, projectId }: ReviewItem,
    @Context() context: RequestContext,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<EvalFailure[]> {
    return this.queries.failuresOfItem(context, projectId, id, bounded(first));
  }
}

function bounded(first: number): number {
  if (first >= 1 && first <= MOST_LISTED) return first;
  throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_LISTED}; it is ${first}.`);
}
