import { Module } from '@nestjs/common';

import { ItemModule } from '../item/item.module.js';
import { ProjectModule } from '../project/project.module.js';
import { FlagResolver } from './flag.resolver.js';
import { FlagWriter } from './flag.writer.js';
import { IntakeService } from './intake.service.js';
import { PassRetention } from './pass-retention.chore.js';

@Module({
  imports: [ProjectModule, ItemModule],
  providers: [IntakeService, FlagWriter, FlagResolver, PassRetention],
  exports: [PassRetention],
})
export class IntakeModule {}
