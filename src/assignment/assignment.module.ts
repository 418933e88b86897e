import { Module } from '@nestjs/common';

import { ItemModule } from '../item/item.module.js';
import { AssignmentQueries } from './assignment.queries.js';
import { AssignmentResolver } from './assignment.resolver.js';
import { AssignmentSubscription } from './assignment.subscription.js';
import { ClaimService } from './claim.service.js';
import { DeadlineService } from './deadline.service.js';
import { ExpiryLoop } from './expiry.loop.js';
import { ExpiryService } from './expiry.service.js';
import { LeaseService } from './lease.service.js';
import { LostLeaseService } from './lost-lease.service.js';
import { MarkService } from './mark.service.js';
import { WorkLimits } from './work.limits.js';

@Module({
  imports: [ItemModule],
  providers: [
    AssignmentQueries,
    AssignmentResolver,
    AssignmentSubscription,
    ClaimService,
    DeadlineService,
    ExpiryLoop,
    ExpiryService,
    LeaseService,
    LostLeaseService,
    MarkService,
    WorkLimits,
  ],
  exports: [ExpiryService, LostLeaseService, WorkLimits],
})
export class AssignmentModule {}
