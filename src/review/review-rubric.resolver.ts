import { Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { QueueQueries } from '../project/queue.queries.js';
import { Rubric } from '../project/rubric.entity.js';
import { Review } from './review.entity.js';

@Resolver(() => Review)
export class ReviewRubricResolver {
  constructor(private readonly queues: QueueQueries) {}

  @ResolveField(() => Rubric, {
    description: 'What it answers, as it was then. An adjudication answers the newest of an item’s reviews.',
  })
  @AllowInherited()
  rubric(@Parent() { projectId, queueId, rubricVersion }: Review): Promise<Rubric> {
    return this.queues.rubric({ projectId, queueId, version: rubricVersion });
  }
}
