import { Module } from '@nestjs/common';

import { QueueCountFold } from './queue-count.fold.js';

@Module({ providers: [QueueCountFold] })
export class InsightModule {}
