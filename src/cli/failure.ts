import { CommanderError } from 'commander';

import { ConnectionError, ServiceError } from './client.js';

/** What a command could not do, in words for people; nothing of a stack. */
export class CommandFailure extends Error {}

/** The command was called in a way that means nothing: exit code 2. */
export class UsageError extends Error {}

const HINTS: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Set COUNTERSIGN_API_KEY to a valid key; the first start of the service printed one.',
  FORBIDDEN: 'The key in COUNTERSIGN_API_KEY lacks the scope for this.',
};

/** Prints what went wrong to stderr and returns the exit code: 1 failed, 2 wrong usage, 0 if nothing was. */
export function report(error: unknown): number {
  // Commander has printed its own errors, and --help and --version are not any.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${describe(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

function describe(error: unknown): string {
  if (error instanceof ServiceError) {
    const { requestId } = error.details;
    const trace = typeof requestId === 'string' && error.code === 'INTERNAL' ? ` (request ${requestId})` : '';
    return [`${error.code}: ${error.message}${trace}`, HINTS[error.code]].filter(Boolean).join('\n');
  }
  const isExpected = error instanceof ConnectionError || error instanceof CommandFailure || error instanceof UsageError;
  if (isExpected) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
