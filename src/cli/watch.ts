import fs from 'node:fs';

import type { Command } from 'commander';
import { type Client as SocketClient, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { Client } from './client.js';
import { CommandFailure } from './failure.js';

const WATCH = `
  subscription Watch($queue: String, $after: Cursor) {
    reviewSubmitted(queue: $queue, after: $after) {
      cursor
      review {
        id verdict correctedOutput labels comment submittedAt
        reviewer { name }
        item { id externalId source queue { key } output }
      }
    }
  }`;

interface Options {
  readonly queue?: string;
  readonly after?: string;
  readonly fromStart?: boolean;
  readonly cursorFile?: string;
}

interface Watched {
  readonly reviewSubmitted: { readonly cursor: string } & Record<string, unknown>;
}

/** Adds `countersign watch`: reviews as they are submitted, one JSON line each, resumed where it was cut off. */
export function register(program: Command): void {
  program
    .command('watch')
    .description('Print reviews as they are submitted, one JSON line each. Ends with Ctrl-C.')
    .option('--queue <key>', 'only this queue')
    .option('--after <cursor>', 'go on after this event; left out, from now on')
    .option('--from-start', 'first all that the log still holds')
    .option('--cursor-file <file>', 'read the cursor from there and keep it there after each event')
    .addHelpText(
      'after',
      '\nA connection that breaks is made again and goes on after the last event: none is missed or repeated.',
    )
    .action(watch);
}

async function watch(options: Options): Promise<void> {
  const service = Client.fromEnvironment();
  let after =
    options.after ?? readCursor(options.cursorFile) ?? (options.fromStart ? await startOf(service) : undefined);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  while (!stopping.signal.aborted) {
    const socket = connect(service);
    const stop = () => void socket.dispose();
    stopping.signal.addEventListener('abort', stop);
    try {
      for await (const { data, errors } of socket.iterate<Watched>({
        query: WATCH,
        variables: { queue: options.queue, after },
      })) {
        if (errors) throw new CommandFailure(errors.map((error) => error.message).join('\n'));
        if (!data) continue;
        process.stdout.write(`${JSON.stringify(data.reviewSubmitted)}\n`);
        after = data.reviewSubmitted.cursor;
        if (options.cursorFile) fs.writeFileSync(options.cursorFile, after);
      }
    } catch (error) {
      if (stopping.signal.aborted) return;
      await explainOrWait(error, service.url);
    } finally {
      stopping.signal.removeEventListener('abort', stop);
      await socket.dispose();
    }
  }
}

/** One connection; whoever reads from it decides what a break means, because only they know the last cursor. */
function connect(service: Client): SocketClient {
  return createClient({
    url: `${service.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: service.headers(),
  });
}

/** A refusal ends the command with its reason; a connection that broke is tried again after a second. */
async function explainOrWait(error: unknown, url: string): Promise<void> {
  if (error instanceof CommandFailure) throw error;
  if (Array.isArray(error)) throw new CommandFailure(error.map((one: Error) => one.message).join('\n'));
  const { code, reason } = error as { code?: number; reason?: string };
  const isRefused = code !== undefined && code >= 4_400 && code < 4_410;
  if (isRefused) throw new CommandFailure(reason || `The service closed the connection (${code}).`);
  process.stderr.write(`No connection to ${url}; trying again.\n`);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function startOf(service: Client): Promise<string> {
  const { log } = await service.request<{ log: { start: string } }>('{ log { start } }');
  return log.start;
}

function readCursor(file: string | undefined): string | undefined {
  if (!file || !fs.existsSync(file)) return undefined;
  return fs.readFileSync(file, 'utf8').trim() || undefined;
}
