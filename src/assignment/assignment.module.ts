import { Module } from '@nestjs/common';

import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { AssignService } from './assign.service.js';
import { AssignmentQueries } from './assignment.queries.js';
import { AssignmentRubricResolver } from './assignment-rubric.resolver.js';
import { AssignmentResolver } from './assignment.resolver.js';
import { AssignmentSubscription } from './assignment.subscription.js';
import { BulkService } from './bulk.service.js';
import { ClaimService } from './claim.service.js';
import { DeadlineService } from './deadline.service.js';
import { EscalateResolver } from './escalate.resolver.js';
import { EscalateService } from './escalate.service.js';
import { ExpiryLoop } from './expiry.loop.js';
import { ExpiryService } from './expiry.service.js';
import { LeaseService } from './lease.service.js';
import { LeftDrafts } from './left-draft.chore.js';
import { LiveAssignmentQueries } from './live-assignment.queries.js';
import { LiveAssignmentResolver } from './live-assignment.resolver.js';
import { LostLeaseService } from './lost-lease.service.js';
import { ManageResolver } from './manage.resolver.js';
import { MarkService } from './mark.service.js';
import { WorkLimits } from './work.limits.js';

@Module({
  imports: [ItemModule, ProjectModule],
  providers: [
    AssignService,
    AssignmentQueries,
    AssignmentResolver,
    AssignmentRubricResolver,
    AssignmentSubscription,
    BulkService,
    ClaimService,
    DeadlineService,
    EscalateResolver,
    EscalateService,
    ExpiryLoop,
    ExpiryService,
    LeaseService,
    LeftDrafts,
    LiveAssignmentQueries,
    LiveAssignmentResolver,
    LostLeaseService,
    ManageResolver,
    MarkService,
    WorkLimits,
  ],
  exports: [ExpiryService, LostLeaseService, WorkLimits],
})
export class AssignmentModule {}
