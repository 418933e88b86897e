import { Args, Field, Int, Mutation, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { CurationService } from './curation.service.js';
import { Dataset } from './dataset.entity.js';
import { EvalCase } from './eval-case.type.js';
import { MarkDistinctInput, RetractCaseInput } from './near.input.js';
import { NearQueries } from './near.queries.js';
import { NearService } from './near.service.js';
import { NearIdenticalCase, NearIdenticalConnection, NearIdenticalPair } from './near.type.js';

const MOST_A_PAGE = 100;
const MOST_OF_CASE = 50;
const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };

@ObjectType()
@AllowInherited()
export class MarkDistinctPayload {
  @Field(() => NearIdenticalPair)
  pair: NearIdenticalPair;
}

@ObjectType()
@AllowInherited()
export class RetractCasePayload {
  @Field(() => EvalCase, { description: 'As it was; exports no longer have it, those of snapshots do.' })
  evalCase: EvalCase;
}

@Resolver(() => Dataset)
export class NearResolver {
  constructor(
    private readonly queries: NearQueries,
    private readonly near: NearService,
    private readonly curation: CurationService,
  ) {}

  @ResolveField(() => NearIdenticalConnection, {
    description:
      'Pairs of cases whose inputs are almost the same and that nobody told apart, the most similar first. `first` is 1 ' +
      'to 100. Cases with exactly the same input are no pair: see EvalCase.sameInput.',
  })
  @AllowInherited()
  nearIdentical(
    @Parent() { id, projectId }: Dataset,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<NearIdenticalConnection> {
    return this.queries.open(projectId, id, { first: bounded(first, MOST_A_PAGE), after: after ?? null });
  }

  @ResolveField(() => Int, { description: 'How many pairs `nearIdentical` has; 1,000 stands for more.' })
  @AllowInherited()
  nearIdenticalCount(@Parent() { id, projectId }: Dataset): Promise<number> {
    return this.queries.openCount(projectId, id);
  }

  @Mutation(() => MarkDistinctPayload, {
    description:
      'Says that two cases are two although their inputs are almost the same: the pair leaves Dataset.nearIdentical. ' +
      'Errors: NOT_FOUND.',
  })
  @Allow(MANAGERS)
  async markDistinct(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => MarkDistinctInput }) input: MarkDistinctInput,
  ): Promise<MarkDistinctPayload> {
    return { pair: await this.near.mark(viewer, input) };
  }

  @Mutation(() => RetractCasePayload, {
    description:
      'Takes a case out of its dataset, such as one of two that ask the same. It stays out until its item is resolved ' +
      'otherwise. Errors: NOT_FOUND; INVALID_INPUT when there is a newer revision, which `extensions.revision` names.',
  })
  @Allow(MANAGERS)
  async retractCase(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => RetractCaseInput }) input: RetractCaseInput,
  ): Promise<RetractCasePayload> {
    return { evalCase: await this.curation.retract(viewer, input) };
  }
}

@Resolver(() => EvalCase)
export class NearOfCaseResolver {
  constructor(private readonly queries: NearQueries) {}

  @ResolveField(() => [NearIdenticalCase], {
    description: 'Other cases whose input is almost the same, the most similar first. `first` is 1 to 50.',
  })
  @AllowInherited()
  nearIdentical(
    @Parent() { id }: EvalCase,
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int, defaultValue: 10 }) first: number,
  ): Promise<NearIdenticalCase[]> {
    return this.queries.ofCase(viewer.projectId, id, bounded(first, MOST_OF_CASE));
  }

  @ResolveField(() => Int, {
    description:
      'How many other cases of the dataset have exactly this input and do not contradict it; 1,000 stands for more. See ' +
      'duplicates for what has the same answer too.',
  })
  @AllowInherited()
  sameInput(@Parent() { id }: EvalCase, @CurrentViewer() viewer: Viewer): Promise<number> {
    return this.queries.sameInput(viewer.projectId, id);
  }
}

function bounded(first: number, most: number): number {
  if (first >= 1 && first <= most) return first;
  throw new Refusal('INVALID_INPUT', `first must be 1 to ${most}; it is ${first}.`);
}
