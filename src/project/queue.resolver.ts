import { Args, Context, Field, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { GoldSettings } from './gold-settings.js';
import { Queue } from './queue.entity.js';
import { QueueQueries, type RubricRef } from './queue.queries.js';
import { Rubric } from './rubric.entity.js';
import { SaveQueueInput } from './setup.input.js';
import { SetupChange } from './setup.resolver.js';
import { SetupService } from './setup.service.js';

@ObjectType()
@AllowInherited()
export class SaveQueuePayload {
  @Field(() => Queue)
  queue: Queue;

  @Field(() => [SetupChange])
  changes: readonly SetupChange[];
}

const anyMember = Object.values(Role);

@Resolver(() => Queue)
export class QueueResolver {
  constructor(
    private readonly queues: QueueQueries,
    private readonly setup: SetupService,
  ) {}

  @Query(() => [Queue], { name: 'queues', description: "The project's queues, by key." })
  @Allow({ scopes: [ApiKeyScope.FLAG, ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: anyMember })
  list(@CurrentViewer() viewer: Viewer): Promise<Queue[]> {
    return this.queues.all(viewer.projectId);
  }

  @Query(() => Queue, { name: 'queue', nullable: true, description: 'The queue with that key; null if there is none.' })
  @Allow({ scopes: [ApiKeyScope.FLAG, ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: anyMember })
  one(@CurrentViewer() viewer: Viewer, @Args('key', { type: () => String }) key: string): Promise<Queue | null> {
    return this.queues.byKey(viewer.projectId, key);
  }

  @Mutation(() => SaveQueuePayload, {
    description: 'Makes a queue or changes what is named. INVALID_INPUT lists every fault in `extensions.faults`.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  async saveQueue(@CurrentViewer() viewer: Viewer, @Args('input') input: SaveQueueInput): Promise<SaveQueuePayload> {
    const { changes } = await this.setup.apply(
      viewer,
      { queues: [withoutNulls(input)] },
      { pathOf: (path) => ['input', ...path.slice(2)] },
    );
    const queue = await this.queues.byKey(viewer.projectId, input.key);
    return { queue: queue!, changes };
  }

  @ResolveField(() => Rubric, { description: 'The version that new assignments are given.' })
  @AllowInherited()
  rubric(@Parent() queue: Queue, @Context() context: RequestContext): Promise<Rubric> {
    const loader = loaderOf(context, 'rubric', () => this.rubricLoader());
    return loader.load({ projectId: queue.projectId, queueId: queue.id, version: queue.rubricVersion });
  }

  @ResolveField(() => [String], {
    description: 'Names of the members who work it, by name; none for all who have the skills. At most 1,000.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  members(@Parent() queue: Queue): Promise<string[]> {
    return this.queues.memberNames(queue);
  }

  @ResolveField(() => GoldSettings, { description: 'How reviewers are tested here.' })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  gold(@Parent() { goldRate: rate, goldBar: bar, goldMinimum: minimum }: Queue): GoldSettings {
    return { rate, bar, minimum };
  }

  private rubricLoader(): DataLoader<RubricRef, Rubric, string> {
    return new DataLoader((refs) => Promise.all(refs.map((ref) => this.queues.rubric(ref))), {
      cacheKeyFn: (ref) => `${ref.projectId} ${ref.queueId} ${ref.version}`,
    });
  }
}

const MEANS_NONE = ['slaSeconds', 'reviewsMax', 'relaxSkillsAfterSeconds', 'hours'];

/** GraphQL clients send null for "not said"; only for a few does it mean something. */
function withoutNulls(input: SaveQueueInput): object {
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => value !== undefined && (value !== null || MEANS_NONE.includes(name)),
    ),
  );
}
