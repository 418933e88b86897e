import { Args, Field, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { DataSource } from 'typeorm';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { Policy } from './policy.entity.js';
import { SavePolicyInput } from './setup.input.js';
import { SetupChange } from './setup.resolver.js';
import { SetupService } from './setup.service.js';

@ObjectType()
@AllowInherited()
export class SavePolicyPayload {
  @Field(() => Policy)
  policy: Policy;

  @Field(() => [SetupChange])
  changes: readonly SetupChange[];
}

const MOST_LISTED = 100;

@Resolver(() => Policy)
export class PolicyResolver {
  constructor(
    private readonly dataSource: DataSource,
    private readonly setup: SetupService,
  ) {}

  @Query(() => Policy, {
    name: 'policy',
    nullable: true,
    description: 'The active policy, or the version asked for; null if there is none.',
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  async one(
    @CurrentViewer() viewer: Viewer,
    @Args('version', { type: () => Int, nullable: true }) version?: number | null,
  ): Promise<Policy | null> {
    const { projectId } = viewer;
    const [policy = null] = await this.dataSource.getRepository(Policy).find({
      where: version == null ? { projectId } : { projectId, version },
      order: { version: 'DESC' },
      take: 1,
    });
    return policy;
  }

  @Query(() => [Policy], {
    name: 'policies',
    description: 'Versions of the policy, the newest first; 1 to 100 of them.',
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  list(
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int, defaultValue: 20 }) first: number,
  ): Promise<Policy[]> {
    if (first < 1 || first > MOST_LISTED) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_LISTED}; it is ${first}.`);
    }
    const where = { projectId: viewer.projectId };
    return this.dataSource.getRepository(Policy).find({ where, order: { version: 'DESC' }, take: first });
  }

  @Mutation(() => SavePolicyPayload, {
    description:
      'Makes these rules the active policy, as the next version; rules equal to the active ones make none. ' +
      'INVALID_INPUT lists every fault in `extensions.faults`, with line and column inside a condition.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  async savePolicy(@CurrentViewer() viewer: Viewer, @Args('input') input: SavePolicyInput): Promise<SavePolicyPayload> {
    const { changes } = await this.setup.apply(
      viewer,
      { policy: input.rules },
      { pathOf: (path) => ['input', 'rules', ...path.slice(1)] },
    );
    const policy = await this.one(viewer);
    return { policy: policy!, changes };
  }
}
