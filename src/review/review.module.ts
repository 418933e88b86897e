import { Module } from '@nestjs/common';

import { AssignmentModule } from '../assignment/assignment.module.js';
import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { AdjudicationService } from './adjudication.service.js';
import { ItemAnswerResolver, ResolutionResolver } from './item-answer.resolver.js';
import { ReviewQueries } from './review.queries.js';
import { ReviewResolver } from './review.resolver.js';
import { ReviewSubscription } from './review.subscription.js';
import { SubmissionWriter } from './submission.writer.js';
import { RubricCheck } from './rubric.check.js';
import { SubmitCheck } from './submit.check.js';
import { SubmitService } from './submit.service.js';

@Module({
  imports: [AssignmentModule, ItemModule, ProjectModule],
  providers: [
    AdjudicationService,
    ItemAnswerResolver,
    ResolutionResolver,
    ReviewQueries,
    ReviewResolver,
    ReviewSubscription,
    SubmissionWriter,
    RubricCheck,
    SubmitCheck,
    SubmitService,
  ],
})
export class ReviewModule {}
