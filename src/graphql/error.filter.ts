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
    // Whatever else is handed back would be taken for the field's value.
    if (host.getType<'http' | 'graphql'>() === 'graphql') {
      return exception instanceof Error
        ? exception
        : new Error('Something other than an error was thrown.', { cause: exception });
    }
    const http = host.switchToHttp();
    const request = http.getRequest<IdentifiedRequest>();
    answerError(request, http.getResponse<Response>(), this.faults.settle(exception, request.requestId));
    return undefined;
  }
}
