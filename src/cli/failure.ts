import { CommanderError } from 'commander';

import { ConnectionError, EnvironmentFault, ServiceError } from './client.js';

/** What a command could not do, in words for people; nothing of a stack. */
export class CommandFailure extends Error {}

/** The command was called in a way that means nothing: exit code 2. */
export class UsageError extends Error {}

/** The service's own words for this are for whoever writes a client. */
const UNAUTHENTICATED =
  'UNAUTHENTICATED: the service does not know the key in COUNTERSIGN_API_KEY, or it was revoked.\n' +
  'Set COUNTERSIGN_API_KEY to a valid key of this service; its first start printed one.';

const HINTS: Readonly<Record<string, string>> = {
  FORBIDDEN: 'The key in COUNTERSIGN_API_KEY lacks the scope for this.',
};

/** Prints what went wrong to stderr and returns the exit code: 1 failed, 2 wrong usage, 0 if nothing was. */
export function report(error: unknown): number {
  // Commander has printed its own errors, and --help and --version are not any.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`${describe(error)}\n`);
  return error instanceof UsageError || error instanceof EnvironmentFault ? 2 : 1;
}

/** Why a file cannot be used, in words: of the system's codes only the rarer ones are shown. */
export function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && WORDS[code]) || code || message;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

const EXPECTED = [ConnectionError, EnvironmentFault, CommandFailure, UsageError];

function describe(error: unknown): string {
  if (error instanceof ServiceError && error.code === 'UNAUTHENTICATED') return UNAUTHENTICATED;
  if (error instanceof ServiceError) {
    const { requestId } = error.details;
    const trace = typeof requestId === 'string' && error.code === 'INTERNAL' ? ` (request ${requestId})` : '';
    return [`${error.code}: ${error.message}${trace}`, HINTS[error.code]].filter(Boolean).join('\n');
  }
  if (EXPECTED.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
