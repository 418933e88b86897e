import { Module } from '@nestjs/common';

import { LogModule } from '../log/log.module.js';
import { ProjectModule } from '../project/project.module.js';
import { ItemQueries } from './item.queries.js';
import { ItemConnectionResolver, ItemResolver } from './item.resolver.js';
import { ItemSignalsResolver } from './item-signals.resolver.js';
import { ItemSubscription } from './item.subscription.js';
import { Sight } from './sight.js';
import { WithdrawalService } from './withdrawal.service.js';

@Module({
  imports: [LogModule, ProjectModule],
  providers: [
    ItemQueries,
    Sight,
    WithdrawalService,
    ItemResolver,
    ItemConnectionResolver,
    ItemSignalsResolver,
    ItemSubscription,
  ],
  exports: [WithdrawalService, ItemQueries],
})
export class ItemModule {}
