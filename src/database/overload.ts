import pg from 'pg';

import { Refusal } from '../errors.js';

/** Conditions of the server in which nothing was done and another try may succeed. */
const PASSING: Readonly<Record<string, string>> = {
  '40001': 'The change met another one; try again.',
  '40P01': 'The change met another one; try again.',
  '53300': 'The database has no connection left; try again shortly.',
  '55P03': 'Something else holds what this call needs; try again shortly.',
  '57014': 'The call took longer than is allowed, and nothing was changed; try again, or ask for less.',
  '57P03': 'The database is starting; try again shortly.',
};

/** Connection refused, unreachable, no such host. */
const AWAY = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

/**
 * The database's way of saying "not now" as the refusal that a client knows. A connection that broke while a statement
 * ran is not one of them: whether that was committed is unknown, so it stays what it is.
 */
export function asRefusal(error: unknown): unknown {
  const message = messageFor(error);
  if (message === null) return error;
  return Object.assign(new Refusal('OVERLOADED', message, { retryAfterSeconds: 1 }), { cause: error });
}

function messageFor(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return PASSING[error.code ?? ''] ?? null;
  if (!(error instanceof Error)) return null;
  if (/^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/.test(error.message)) {
    return 'Every database connection is busy; try again shortly.';
  }
  return AWAY.test((error as NodeJS.ErrnoException).code ?? '')
    ? 'The database cannot be reached; try again shortly.'
    : null;
}
