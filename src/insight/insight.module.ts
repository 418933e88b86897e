import { Module } from '@nestjs/common';

import { ProjectModule } from '../project/project.module.js';
import { AgreementResolver } from './agreement.resolver.js';
import { AgreementService } from './agreement.service.js';
import { Scopes } from './insight.scope.js';
import { LogRangeResolver } from './log-range.resolver.js';
import { PolicyDryRunResolver } from './policy-dry-run.resolver.js';
import { PolicyDryRunService } from './policy-dry-run.service.js';
import { QueueCountFold } from './queue-count.fold.js';
import { QueueStatsResolver } from './queue-stats.resolver.js';
import { QueueTrendsResolver } from './queue-trends.resolver.js';
import { QueueTrendsService } from './queue-trends.service.js';
import { ReviewerStatsController } from './reviewer-stats.controller.js';
import { ReviewerStatsResolver } from './reviewer-stats.resolver.js';
import { ReviewerStatsService } from './reviewer-stats.service.js';
import { StuckResolver } from './stuck.resolver.js';
import { TallyFold } from './tally.fold.js';
import { TallyQueries } from './tally.queries.js';
import { UndecidableItemResolver, UndecidableResolver } from './undecidable.resolver.js';

/** What is derived from the log: how each queue and each reviewer does, and how far reviewers agree. */
@Module({
  imports: [ProjectModule],
  controllers: [ReviewerStatsController],
  providers: [
    AgreementResolver,
    AgreementService,
    LogRangeResolver,
    PolicyDryRunResolver,
    PolicyDryRunService,
    QueueCountFold,
    QueueStatsResolver,
    QueueTrendsResolver,
    QueueTrendsService,
    ReviewerStatsResolver,
    ReviewerStatsService,
    Scopes,
    StuckResolver,
    TallyFold,
    TallyQueries,
    UndecidableItemResolver,
    UndecidableResolver,
  ],
})
export class InsightModule {}
