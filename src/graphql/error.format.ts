import { HttpException } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';

import { type ErrorCode, errorCodes, Refusal } from '../errors.js';

/** What a client may know of an error; `fault` is the original when it is one of ours to mend, for the log. */
export interface ClientError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly fault?: unknown;
}

/**
 * Decides what leaves the service about an error, on every transport. Only what was meant for clients does: refusals,
 * and what the GraphQL library says of a request that is wrong in itself. Everything else, whatever it says, is
 * INTERNAL: an error's text is not written with strangers in mind.
 */
export function clientErrorOf(error: unknown, requestId: string): ClientError {
  const cause = rootCause(error);
  if (cause instanceof Refusal) return { code: cause.code, message: cause.message, details: cause.details };
  if (cause instanceof HttpException) return fromHttp(cause, requestId);
  if (error instanceof GraphQLError && cause instanceof GraphQLError && isAboutTheRequest(error, cause)) {
    return { code: 'INVALID_INPUT', message: withoutHints(error.message), details: {} };
  }
  return internal(cause, requestId);
}

/** As the GraphQL answer holds it: positions and path stay. */
export function formatClientError(error: unknown, { code, message, details }: ClientError): GraphQLFormattedError {
  const { locations, path } = error instanceof GraphQLError ? error.toJSON() : ({} as GraphQLFormattedError);
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...details, code },
  };
}

export function internal(fault: unknown, requestId: string): ClientError {
  return { code: 'INTERNAL', message: errorCodes.INTERNAL, details: { requestId }, fault };
}

/** The code for a refusal that something between us and the client's request made: Nest, Express, Node. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 413:
      return 'PAYLOAD_TOO_LARGE';
    case 429:
      return 'RATE_LIMITED';
    case 503:
      return 'OVERLOADED';
    default:
      return status >= 400 && status < 500 ? 'INVALID_INPUT' : 'INTERNAL';
  }
}

/** Its text is ours to choose: the exception's own may name anything. */
function fromHttp(exception: HttpException, requestId: string): ClientError {
  const code = codeOfStatus(exception.getStatus());
  return code === 'INTERNAL' ? internal(exception, requestId) : { code, message: errorCodes[code], details: {} };
}

/** GraphQL wraps what it catches, sometimes more than once. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/**
 * Parsing, validation and coercion of variables speak before any field runs, so their errors have no path. Arguments
 * are coerced while the operation runs; such an error points at a value of the document, where a resolver's points at
 * its field.
 */
function isAboutTheRequest(error: GraphQLError, cause: GraphQLError): boolean {
  if (!error.path) return true;
  const kind = cause.nodes?.[0]?.kind;
  return kind !== undefined && kind !== Kind.FIELD;
}

/** Values are printed in it, which may be megabytes. */
const LONGEST_MESSAGE = 1_000;

/** Suggestions print parts of the schema to whoever guesses. */
export function withoutHints(message: string): string {
  const text = message.slice(0, LONGEST_MESSAGE).replace(/ ?Did you mean [^?]*\?/g, '');
  return message.length > LONGEST_MESSAGE ? `${text}…` : text;
}
