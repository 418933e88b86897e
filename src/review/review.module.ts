import { Module } from '@nestjs/common';

import { AssignmentModule } from '../assignment/assignment.module.js';
import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { AdjudicationService } from './adjudication.service.js';
import { GoldResolver } from './gold.resolver.js';
import { GoldService } from './gold.service.js';
import { GoldSubscription } from './gold.subscription.js';
import { EscalationResolver, ItemEscalationResolver } from './escalation.resolver.js';
import { ItemAnswerResolver, ResolutionResolver } from './item-answer.resolver.js';
import { PauseResolver } from './pause.resolver.js';
import { ResizeChore } from './resize.chore.js';
import { ResizeService } from './resize.service.js';
import { ReviewQueries } from './review.queries.js';
import { ReviewRubricResolver } from './review-rubric.resolver.js';
import { ReviewResolver } from './review.resolver.js';
import { ReviewSubscription } from './review.subscription.js';
import { RevisingResolver } from './revising.resolver.js';
import { ReviseResolver } from './revise.resolver.js';
import { ReviseService } from './revise.service.js';
import { SubmissionWriter } from './submission.writer.js';
import { RubricCheck } from './rubric.check.js';
import { SubmitCheck } from './submit.check.js';
import { SubmitService } from './submit.service.js';

@Module({
  imports: [AssignmentModule, ItemModule, ProjectModule],
  providers: [
    AdjudicationService,
    GoldResolver,
    GoldService,
    GoldSubscription,
    EscalationResolver,
    ItemAnswerResolver,
    ItemEscalationResolver,
    ResolutionResolver,
    PauseResolver,
    ResizeChore,
    ResizeService,
    ReviewQueries,
    ReviewResolver,
    ReviewRubricResolver,
    ReviewSubscription,
    RevisingResolver,
    ReviseResolver,
    ReviseService,
    SubmissionWriter,
    RubricCheck,
    SubmitCheck,
    SubmitService,
  ],
})
export class ReviewModule {}
