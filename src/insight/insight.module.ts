import { Module } from '@nestjs/common';

import { LogRangeResolver } from './log-range.resolver.js';
import { QueueCountFold } from './queue-count.fold.js';
import { QueueStatsResolver } from './queue-stats.resolver.js';

/** What is derived from the log: so far, how each queue stands. */
@Module({ providers: [LogRangeResolver, QueueCountFold, QueueStatsResolver] })
export class InsightModule {}
