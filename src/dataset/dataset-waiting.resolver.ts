import { Context, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { Dataset } from './dataset.entity.js';

interface Waiting {
  readonly dataset_id: string;
  readonly quarantined: number;
  readonly conflicts: number;
}

/** What of a dataset waits for a person, read as it is asked from two partial indexes that hold nothing else. */
@Resolver(() => Dataset)
export class DatasetWaitingResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Int, { description: "Items that do not reach the dataset's bar: see `quarantine`." })
  @AllowInherited()
  async quarantineCount(@Parent() dataset: Dataset, @Context() context: RequestContext): Promise<number> {
    return (await this.waiting(dataset, context))?.quarantined ?? 0;
  }

  @ResolveField(() => Int, { description: 'Inputs that were answered in contradictory ways: see `conflicts`.' })
  @AllowInherited()
  async conflictCount(@Parent() dataset: Dataset, @Context() context: RequestContext): Promise<number> {
    return (await this.waiting(dataset, context))?.conflicts ?? 0;
  }

  private waiting({ projectId, id }: Dataset, context: RequestContext): Promise<Waiting | undefined> {
    const read = async (ids: readonly string[]) => {
      const rows = await this.database.query<Waiting & object>(
        `SELECT h.dataset_id, (count(*) FILTER (WHERE h.kind = 'QUARANTINE'))::integer AS quarantined,
                (count(DISTINCT h.input_hash) FILTER (WHERE h.kind = 'CONFLICT'))::integer AS conflicts
           FROM eval_hold h WHERE h.project_id = $1 AND h.dataset_id = ANY ($2::uuid[]) GROUP BY h.dataset_id`,
        [projectId, ids],
      );
      return ids.map((one) => rows.find((row) => row.dataset_id === one));
    };
    return loaderOf(context, 'Dataset.waiting', () => new DataLoader(read)).load(id);
  }
}
