import { Injectable, Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { v4 as uuidv4 } from 'uuid';

import { type ClientError, clientErrorOf, formatClientError } from './error.format.js';

/**
 * Turns errors into what clients see and logs each fault once, with the request id that the client is told.
 *
 * Apollo formats errors without saying which request they belong to, and formats some twice; so the first who sees an
 * error (a plugin that knows the request) settles what becomes of it, and whoever formats it later finds that.
 */
@Injectable()
export class RequestFaults {
  private readonly logger = new Logger('Fault');
  private readonly settled = new WeakMap<object, ClientError>();

  settle(error: unknown, requestId?: string): ClientError {
    const known = isObject(error) ? this.settled.get(error) : undefined;
    if (known) return known;
    const result = clientErrorOf(error, requestId ?? uuidv4());
    if (result.fault !== undefined) this.log(result);
    if (isObject(error)) this.settled.set(error, result);
    return result;
  }

  format(error: unknown, requestId?: string): GraphQLFormattedError {
    return formatClientError(error, this.settle(error, requestId));
  }

  private log({ fault, details }: ClientError): void {
    const text = fault instanceof Error ? fault.message : String(fault);
    const path = fault instanceof GraphQLError ? fault.path?.join('.') : undefined;
    this.logger.error(
      `request ${String(details.requestId)}${path ? ` at ${path}` : ''}: ${text}`,
      fault instanceof Error ? fault.stack : undefined,
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
