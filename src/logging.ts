import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';

import type { Settings } from './config.js';

export type { Logger } from 'pino';

/** A caller may name its request, to find it again in our log; anything else than a plain id is replaced. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** Fields that could hold a credential, wherever an object that is logged carries them. */
const SECRET_FIELDS = ['authorization', 'cookie', 'set-cookie', 'token', 'secret', 'password', 'apiKey'];
const REDACTED = SECRET_FIELDS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/**
 * Standard output as Node writes it. Pino's own writer, when the terminal behind it has gone, tries again for ever and
 * so keeps the process from ending; here such a line is lost.
 */
const standardOutput: DestinationStream = { write: (line) => void process.stdout.write(line) };

/** One JSON object a line, on standard output unless told. */
export function createLogger(
  { logLevel }: Pick<Settings, 'logLevel'>,
  destination: DestinationStream = standardOutput,
): Logger {
  const options = {
    level: logLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: errorFacts },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, destination);
}

/**
 * Gives each request its id, answers with it, and writes one line when it is answered. Of a request the line names the
 * method and the path, never a header or the query string: that is where credentials travel.
 */
export function httpLogger(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: (request: IncomingMessage, response: ServerResponse) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    serializers: {
      err: errorFacts,
      req: ({ raw }: { raw: IncomingMessage }) => ({ method: raw.method, path: pathOf(raw) }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
    customLogLevel: (_, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'failed',
  });
}

/** Of an error only what finds the fault: PostgreSQL's `detail` and a driver's own fields may quote what was sent. */
function errorFacts(error: Error & { code?: unknown; constraint?: unknown; cause?: unknown }): object {
  const { name, message, stack, code, constraint, cause } = error;
  return {
    type: name,
    message,
    stack,
    code,
    constraint,
    cause: cause instanceof Error ? errorFacts(cause) : undefined,
  };
}

function pathOf(request: IncomingMessage): string {
  const url = (request as IncomingMessage & { originalUrl?: string }).originalUrl ?? request.url ?? '';
  return url.split('?', 1)[0]?.slice(0, 200) ?? '';
}

/** What Nest tells of its own start: one line a module and a route. */
const NEST_START = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'GraphQLModule',
]);

/** Nest's own messages, and those of its `Logger` in our services, in the same log. */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const error = [message, ...rest].find((it) => it instanceof Error);
      // Nest passes the name of the class that speaks last, and before it, for an error, the stack.
      const last = rest.at(-1);
      const context = typeof last === 'string' ? last : undefined;
      const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
      const isStart = level === 'info' && NEST_START.has(context ?? '');
      logger[isStart ? 'debug' : level](
        { context, stack, err: error },
        message instanceof Error ? message.message : String(message),
      );
    };
  return {
    log: write('info'),
    error: write('error'),
    warn: write('warn'),
    debug: write('debug'),
    verbose: write('trace'),
    fatal: write('fatal'),
  };
}
