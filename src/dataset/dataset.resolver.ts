import { Args, Field, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { SetupChange } from '../project/setup.resolver.js';
import { SetupService } from '../project/setup.service.js';
import { Dataset, DatasetBar, DatasetSplit } from './dataset.entity.js';
import { CreateSnapshotInput, SaveDatasetInput } from './dataset.input.js';
import { DatasetQueries } from './dataset.queries.js';
import { Snapshot } from './snapshot.entity.js';
import { SnapshotService } from './snapshot.service.js';

const MOST_LISTED = 100;
const READERS = {
  scopes: [ApiKeyScope.READ, ApiKeyScope.EXPORT, ApiKeyScope.MANAGE],
  roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER],
};
const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };

@ObjectType()
@AllowInherited()
export class SaveDatasetPayload {
  @Field(() => Dataset)
  dataset: Dataset;

  @Field(() => [SetupChange])
  changes: readonly SetupChange[];
}

@ObjectType()
@AllowInherited()
export class CreateSnapshotPayload {
  @Field(() => Snapshot)
  snapshot: Snapshot;

  @Field(() => Boolean, { description: 'False when nothing had changed since that snapshot, so that none was needed.' })
  isNew: boolean;
}

/** Null and left out mean the same: as it is. */
function said(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
}

@Resolver(() => Dataset)
export class DatasetResolver {
  constructor(
    private readonly queries: DatasetQueries,
    private readonly snapshotService: SnapshotService,
    private readonly setup: SetupService,
  ) {}

  @Query(() => [Dataset], { description: 'All datasets of the project, by key.' })
  @Allow(READERS)
  datasets(@CurrentViewer() viewer: Viewer): Promise<Dataset[]> {
    return this.queries.all(viewer.projectId);
  }

  @Query(() => Dataset, { nullable: true, description: 'Null when there is none.' })
  @Allow(READERS)
  dataset(@CurrentViewer() viewer: Viewer, @Args('key', { type: () => String }) key: string): Promise<Dataset | null> {
    return this.queries.byKey(viewer.projectId, key);
  }

  @Mutation(() => SaveDatasetPayload, {
    description: 'Makes or changes a dataset. INVALID_INPUT lists every fault in `extensions.faults`.',
  })
  @Allow(MANAGERS)
  async saveDataset(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => SaveDatasetInput }) input: SaveDatasetInput,
  ): Promise<SaveDatasetPayload> {
    const given = { ...said(input), ...(input.bar && { bar: said(input.bar) }) };
    const options = { pathOf: (path: readonly (string | number)[]) => ['input', ...path.slice(2)] };
    const { changes } = await this.setup.apply(viewer, { datasets: [given] }, options);
    return { dataset: await this.queries.need(viewer.projectId, input.key), changes };
  }

  @Mutation(() => CreateSnapshotPayload, {
    description: 'Freezes the dataset as it is. When nothing changed since the last snapshot, that one is returned.',
  })
  @Allow(MANAGERS)
  async createSnapshot(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => CreateSnapshotInput }) input: CreateSnapshotInput,
  ): Promise<CreateSnapshotPayload> {
    const { version, isNew } = await this.snapshotService.create(viewer, input.dataset);
    const dataset = await this.queries.need(viewer.projectId, input.dataset);
    const snapshot = await this.queries.snapshot(dataset, version);
    if (!snapshot) throw new Error(`snapshot ${version} of dataset ${dataset.id} was made and is not there`);
    return { snapshot, isNew };
  }

  @ResolveField(() => [Snapshot], { description: 'Newest first; `first` is 1 to 100.' })
  @AllowInherited()
  snapshots(
    @Parent() dataset: Dataset,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 20 }) wanted: number | null,
  ): Promise<Snapshot[]> {
    const first = wanted ?? 20;
    if (first < 1 || first > MOST_LISTED) {
      throw new Refusal('INVALID_INPUT', `first must be 1 to ${MOST_LISTED}; it is ${first}.`);
    }
    return this.queries.snapshots(dataset, first);
  }

  @ResolveField(() => [String], { description: 'Keys of the queues that feed it.' })
  @AllowInherited()
  queues(@Parent() dataset: Dataset): Promise<string[]> {
    return this.queries.queueKeys(dataset);
  }

  @ResolveField(() => DatasetSplit)
  @AllowInherited()
  split(@Parent() { trainPercent, validationPercent, testPercent }: Dataset): DatasetSplit {
    return { train: trainPercent, validation: validationPercent, test: testPercent };
  }

  @ResolveField(() => DatasetBar, { description: 'What a resolved item must have to become a case.' })
  @AllowInherited()
  bar(@Parent() dataset: Dataset): DatasetBar {
    return {
      verdicts: dataset.barVerdicts,
      minAgreement: dataset.barMinAgreement,
      minReviewers: dataset.barMinReviewers,
      adjudicatedPasses: dataset.barAdjudicatedPasses,
    };
  }
}
