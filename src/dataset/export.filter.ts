import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';

import { Refusal, type ErrorCode } from '../errors.js';

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_INPUT: 400,
  CURSOR_EXPIRED: 410,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
};

/** Answers a refused export as GraphQL would, with the HTTP status that says the same. Nothing internal leaves. */
@Catch()
export class ExportFilter implements ExceptionFilter {
  private readonly logger = new Logger(ExportFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal =
      error instanceof Refusal ? error : new Refusal('INTERNAL', 'The export failed; the log of the service says why.');
    if (refusal !== error) this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { retryAfterSeconds } = refusal.details;
    if (typeof retryAfterSeconds === 'number') response.setHeader('Retry-After', String(retryAfterSeconds));
    response
      .status(statuses[refusal.code] ?? 500)
      .json({ errors: [{ message: refusal.message, extensions: { ...refusal.details, code: refusal.code } }] });
  }
}
