import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';

import type { IdentifiedRequest } from './context.js';
import { answerError } from './error.http.js';
import { RequestFaults } from './request.faults.js';

/**
 * The last word on errors of HTTP routes. Those of GraphQL are handed back as they are: Apollo and the gateway format
 * them, and Nest's own filter would log each a second time.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter<unknown> {
  constructor(private readonly faults: RequestFaults) {}

  catch(exception: unknown, host: ArgumentsHost): unknown {
    if (host.getType<'http' | 'graphql'>() === 'graphql') return exception;
    const http = host.switchToHttp();
    const request = http.getRequest<IdentifiedRequest>();
    answerError(request, http.getResponse<Response>(), this.faults.settle(exception, request.requestId));
    return undefined;
  }
}
