import { Context, Field, Int, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { Allow, AllowInherited } from '../access/allow.js';
import { ApiKeyScope, Role } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { DeadlineAction } from '../project/deadline-step.js';
import { Queue } from '../project/queue.entity.js';
import { QueueQueries } from '../project/queue.queries.js';
import { stepsTakenSql } from './deadline-step.sql.js';

@ObjectType({ description: 'A step that was taken because an item was overdue.' })
@AllowInherited()
export class DeadlineStepTaken {
  projectId: number;

  queueId: string;

  @Field(() => Int, { description: "Its place in the queue's steps, from 1." })
  step: number;

  @Field(() => DeadlineAction)
  action: DeadlineAction;

  @Field(() => Boolean, { description: 'False when it changed nothing: reviews were in, or the priority was as high.' })
  isEffective: boolean;

  @Field(() => DateTimeScalar)
  takenAt: Date;
}

interface StepRow {
  item_id: string;
  queue_id: string;
  step: number;
  action: DeadlineAction;
  is_effective: boolean;
  taken_at: Date;
}

@Resolver(() => ReviewItem)
export class DeadlineStepResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => [DeadlineStepTaken], {
    description: "What its queues' deadline steps did to it, oldest first; each step of a queue once, the last time.",
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) })
  deadlineSteps(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<DeadlineStepTaken[]> {
    return loaderOf(context, 'DeadlineSteps', () => this.loader(item.projectId)).load(item.id);
  }

  /** Remembers nothing: in a subscription the operation lives as long as the stream. */
  private loader(projectId: number): DataLoader<string, DeadlineStepTaken[]> {
    const read = async (itemIds: readonly string[]) => {
      const rows = await this.database.query<StepRow>(stepsTakenSql, [projectId, itemIds]);
      return itemIds.map((id) => rows.filter((row) => row.item_id === id).map((row) => toTaken(projectId, row)));
    };
    return new DataLoader(read, { cache: false });
  }
}

@Resolver(() => DeadlineStepTaken)
export class DeadlineStepQueueResolver {
  constructor(private readonly queues: QueueQueries) {}

  @ResolveField(() => Queue, { description: 'The queue whose step it was.' })
  @AllowInherited()
  async queue(@Parent() { projectId, queueId }: DeadlineStepTaken): Promise<Queue> {
    return (await this.queues.byIds(projectId, [queueId]))[0]!;
  }
}

function toTaken(projectId: number, row: StepRow): DeadlineStepTaken {
  const { queue_id: queueId, step, action, is_effective: isEffective, taken_at: takenAt } = row;
  return { projectId, queueId, step: step + 1, action, isEffective, takenAt };
}
