import { Module } from '@nestjs/common';

import { LogRangeResolver } from './log-range.resolver.js';
import { QueueCountFold } from './queue-count.fold.js';
import { QueueStatsResolver } from './queue-stats.resolver.js';
import { TallyFold } from './tally.fold.js';

/** What is derived from the log: so far, how each queue stands. */
@Module({ providers: [LogRangeResolver, QueueCountFold, QueueStatsResolver, TallyFold] })
export class InsightModule {}
