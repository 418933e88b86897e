import type { Response } from 'express';

import type { ErrorCode } from '../errors.js';
import type { IdentifiedRequest } from './context.js';
import type { ClientError } from './error.format.js';

const statuses: Readonly<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID_INPUT: 400,
  INVALID_JSON: 400,
  PAYLOAD_TOO_LARGE: 413,
  DUPLICATE_CONFLICT: 409,
  LEASE_LOST: 409,
  ALREADY_RESOLVED: 409,
  RUBRIC_VIOLATION: 400,
  CURSOR_EXPIRED: 410,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
  INTERNAL: 500,
};

/** Answers a request that never became a GraphQL operation, or one of another route. */
export function answerError(
  request: IdentifiedRequest,
  response: Response,
  error: ClientError,
  status: number = statuses[error.code],
): void {
  // An answer that has begun cannot become an error; cutting it off tells the client that it is not whole.
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message, details } = error;
  const retryAfter = retryAfterOf(details);
  if (retryAfter) response.setHeader('retry-after', retryAfter);
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  // Whatever of the body was not read must not be taken for the next request.
  if (!request.readableEnded && request.method !== 'GET' && request.method !== 'HEAD')
    response.setHeader('connection', 'close');
  response.setHeader('cache-control', 'no-store');
  response.status(status);
  if (isGraphql(request)) response.json({ errors: [{ message, extensions: { ...details, code } }] });
  else response.json({ error: { ...details, code, message } });
}

/** Whole seconds, at least one. */
export function retryAfterOf(details: Readonly<Record<string, unknown>>): string | undefined {
  const seconds = details.retryAfterSeconds;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? String(Math.max(1, Math.ceil(seconds))) : undefined;
}

/** As Express matches the path that Apollo is mounted on: whatever is below it, in upper or lower case. */
export function isGraphql(request: { readonly originalUrl?: string; readonly url?: string }): boolean {
  return /^\/graphql(?:[/?#]|$)/i.test(request.originalUrl ?? request.url ?? '');
}
