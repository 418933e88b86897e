import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { EntityTarget } from 'typeorm';

import { CONFIG, type Config } from '../config.js';
import { dataSourceOptions } from './data-source.js';
import { Database } from './database.js';
import { SystemDatabase } from './system-database.js';

@Global()
@Module({})
export class DatabaseModule {
  /** Entities are named by whoever assembles the app: this folder knows none of them. */
  static forRoot(config: Config, entities: EntityTarget<object>[]): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [TypeOrmModule.forRoot({ ...dataSourceOptions(config, entities), retryAttempts: 0 })],
      providers: [{ provide: CONFIG, useValue: config }, Database, SystemDatabase],
      exports: [CONFIG, Database, SystemDatabase],
    };
  }
}
