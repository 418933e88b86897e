import { type DynamicModule, Module } from '@nestjs/common';

import { AccessModule } from './access/access.module.js';
import { AssignmentModule } from './assignment/assignment.module.js';
import type { Config } from './config.js';
import { DatabaseModule } from './database/database.module.js';
import { DatasetModule } from './dataset/dataset.module.js';
import { entities } from './entities.js';
import { GraphqlModule } from './graphql/graphql.module.js';
import { HealthModule } from './health/health.module.js';
import { InsightModule } from './insight/insight.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { ItemModule } from './item/item.module.js';
import { LogModule } from './log/log.module.js';
import { ProjectModule } from './project/project.module.js';
import { ReviewModule } from './review/review.module.js';

/** The one list of what the service is made of, from the ground up. */
@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot(config, entities),
        LogModule,
        AccessModule,
        GraphqlModule,
        HealthModule,
        ProjectModule,
        ItemModule,
        IntakeModule,
        AssignmentModule,
        ReviewModule,
        DatasetModule,
        InsightModule,
      ],
    };
  }
}
