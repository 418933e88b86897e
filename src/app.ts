import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Response } from 'express';
import { v4 as uuidv4 } from 'uuid';

import { Identify } from './access/identify.js';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import type { IdentifiedRequest } from './graphql/context.js';

/** The service, ready to listen; main.ts and the tests start it the same way. */
export async function createApp(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  app.use((request: IdentifiedRequest, _: Response, next: NextFunction) => {
    request.requestId = uuidv4();
    next();
  });
  app.use(app.get(Identify).middleware);
  return app;
}
