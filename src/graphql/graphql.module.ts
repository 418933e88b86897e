import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';

import { RateLimit } from '../access/rate-limit.js';
import { CONFIG, type Config } from '../config.js';
import { Admission } from './admission.js';
import { apolloOptions } from './apollo.options.js';
import { BodyMiddleware } from './body.middleware.js';
import { ErrorFilter } from './error.filter.js';
import { GatewayProtocol } from './gateway.protocol.js';
import { GatewayService } from './gateway.service.js';
import { SocketViewers } from './gateway.viewers.js';
import { InputPipe } from './input.pipe.js';
import { RequestFaults } from './request.faults.js';

/** What the transports share. */
@Module({ providers: [RequestFaults], exports: [RequestFaults] })
class FaultsModule {}

/** GraphQL over HTTP and WebSocket: limits, errors, scalars. Knows nothing of what is asked. */
@Module({
  imports: [
    FaultsModule,
    GraphQLModule.forRootAsync<ApolloDriverConfig>({
      driver: ApolloDriver,
      imports: [FaultsModule],
      inject: [CONFIG, RateLimit, RequestFaults],
      useFactory: (config: Config, rateLimit: RateLimit, faults: RequestFaults) =>
        apolloOptions(config, rateLimit, faults),
    }),
  ],
  providers: [
    Admission,
    BodyMiddleware,
    GatewayProtocol,
    GatewayService,
    SocketViewers,
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [FaultsModule, GatewayService],
})
export class GraphqlModule {}
