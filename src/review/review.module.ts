import { Module } from '@nestjs/common';

import { AssignmentModule } from '../assignment/assignment.module.js';
import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { AdjudicationService } from './adjudication.service.js';
import { EscalationResolver, ItemEscalationResolver } from './escalation.resolver.js';
import { ItemAnswerResolver, ResolutionResolver } from './item-answer.resolver.js';
import { ReviewQueries } from './review.queries.js';
import { ReviewRubricResolver } from './review-rubric.resolver.js';
import { ReviewResolver } from './review.resolver.js';
import { ReviewSubscription } from './review.subscription.js';
import { ReviseResolver } from './revise.resolver.js';
import { ReviseService } from './revise.service.js';
import { SubmissionWriter } from './submission.writer.js';
import { SubmitCheck } from './submit.check.js';
import { SubmitService } from './submit.service.js';

@Module({
  imports: [AssignmentModule, ItemModule, ProjectModule],
  providers: [
    AdjudicationService,
    EscalationResolver,
    ItemAnswerResolver,
    ItemEscalationResolver,
    ResolutionResolver,
    ReviewQueries,
    ReviewResolver,
    ReviewRubricResolver,
    ReviewSubscription,
    ReviseResolver,
    ReviseService,
    SubmissionWriter,
    SubmitCheck,
    SubmitService,
  ],
})
export class ReviewModule {}
