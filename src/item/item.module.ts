import { Module } from '@nestjs/common';

import { LogModule } from '../log/log.module.js';
import { ProjectModule } from '../project/project.module.js';
import { ExcerptResolver } from './excerpt.resolver.js';
import { HistoryQueries } from './history.queries.js';
import { HistoryResolver } from './history.resolver.js';
import { ItemQueries } from './item.queries.js';
import { ItemConnectionResolver, ItemResolver } from './item.resolver.js';
import { ItemTextReader } from './item-text.reader.js';
import { ItemSignalsResolver } from './item-signals.resolver.js';
import { ItemSubscription } from './item.subscription.js';
import { Sight } from './sight.js';
import { TimeLeftResolver } from './time-left.resolver.js';
import { WithdrawalService } from './withdrawal.service.js';

@Module({
  imports: [LogModule, ProjectModule],
  providers: [
    ExcerptResolver,
    HistoryQueries,
    HistoryResolver,
    ItemConnectionResolver,
    ItemQueries,
    ItemResolver,
    ItemSignalsResolver,
    ItemSubscription,
    ItemTextReader,
    Sight,
    TimeLeftResolver,
    WithdrawalService,
  ],
  exports: [WithdrawalService, ItemQueries],
})
export class ItemModule {}
