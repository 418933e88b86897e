import type { Server } from 'node:http';

import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

import { Identify } from './access/identify.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { BodyMiddleware } from './graphql/body.middleware.js';
import type { IdentifiedRequest } from './graphql/context.js';
import { protectBrowsers, servePages } from './graphql/pages.js';
import { Metrics } from './health/metrics.js';
import { createLogger, httpLogger, type Logger, nestLogger } from './logging.js';

export interface AppOptions {
  readonly logger?: Logger;
  /** An HTTP server that listens already; the app then only needs `init()`. */
  readonly server?: Server;
  /** The folder of the built pages, if they are to be served. */
  readonly pages?: string;
  /** What is added to the service; for tests that need something to ask. */
  readonly modules?: readonly Type[];
}

class RootModule {}

/** The service, ready to listen; main.ts and the tests start it the same way. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<NestExpressApplication> {
  const logger = options.logger ?? createLogger(config);
  const root = { module: RootModule, imports: [AppModule.forRoot(config), ...(options.modules ?? [])] };
  const app = await NestFactory.create<NestExpressApplication>(root, adapterOn(options.server), {
    logger: nestLogger(logger),
    // Who calls decides how much is read: BodyMiddleware, after Identify.
    bodyParser: false,
    abortOnError: false,
  });
  // No answer to a POST is ever asked for by its hash, and files bring their own.
  app.set('etag', () => undefined);
  app.use(httpLogger(logger));
  app.use(app.get(Metrics).middleware);
  app.use((request: IdentifiedRequest, _: Response, next: NextFunction) => {
    request.requestId = String((request as Request).id);
    next();
  });
  protectBrowsers(app, config);
  if (options.pages) servePages(app, options.pages);
  app.use(app.get(Identify).middleware);
  app.use(app.get(BodyMiddleware).use);
  return app;
}

function adapterOn(server: Server | undefined): ExpressAdapter {
  const adapter = new ExpressAdapter();
  if (server) adapter.initHttpServer = () => adapter.setHttpServer(server);
  return adapter;
}
