import type { Server } from 'node:http';

import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

import { Identify } from './access/identify.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import type { IdentifiedRequest } from './graphql/context.js';
import { Metrics } from './health/metrics.js';
import { createLogger, httpLogger, type Logger, nestLogger } from './logging.js';

export interface AppOptions {
  readonly logger?: Logger;
  /** An HTTP server that listens already; the app then only needs `init()`. */
  readonly server?: Server;
}

/** The service, ready to listen; main.ts and the tests start it the same way. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<NestExpressApplication> {
  const logger = options.logger ?? createLogger(config);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), adapterOn(options.server), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.use(httpLogger(logger));
  app.use(app.get(Metrics).middleware);
  app.use((request: IdentifiedRequest, _: Response, next: NextFunction) => {
    request.requestId = String((request as Request).id);
    next();
  });
  app.use(app.get(Identify).middleware);
  return app;
}

function adapterOn(server: Server | undefined): ExpressAdapter {
  const adapter = new ExpressAdapter();
  if (server) adapter.initHttpServer = () => adapter.setHttpServer(server);
  return adapter;
}
