import { Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { Role } from '../access/viewer.js';
import { QueueQueries } from '../project/queue.queries.js';
import { Rubric } from '../project/rubric.entity.js';
import { Assignment } from './assignment.entity.js';

/** The form that goes with a lease: the queue's when it was claimed, and what the review is checked against. */
@Resolver(() => Assignment)
export class AssignmentRubricResolver {
  constructor(private readonly queues: QueueQueries) {}

  @ResolveField(() => Rubric, {
    nullable: true,
    description:
      'The version that this assignment was given and its review is checked against, whatever the queue has by now. ' +
      'Null in events of a lease that has ended.',
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async rubric(@Parent() { projectId, queueId, rubricVersion: version }: Assignment): Promise<Rubric | null> {
    return version === undefined ? null : this.queues.rubric({ projectId, queueId, version });
  }
}
