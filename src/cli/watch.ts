import fs from 'node:fs';
import { dirname } from 'node:path';

import { type Command, Option } from 'commander';
import { type Client as SocketClient, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { Client, ServiceError } from './client.js';
import { CommandFailure, UsageError, whyNot } from './failure.js';

/** How graphql-transport-ws closes a connection whose key is not valid. */
const FORBIDDEN = 4_403;
/** While there is no connection, that is said so often. */
const TELL_EVERY_MS = 30_000;

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

interface Refusal {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
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
    .addOption(new Option('--from-start', 'first all that the log still holds').conflicts('after'))
    .option('--cursor-file <file>', 'read the cursor from there and keep it there after each event')
    .addHelpText(
      'after',
      '\nA connection that breaks is made again and goes on after the last event: none is missed or repeated.',
    )
    .action(watch);
}

async function watch(options: Options): Promise<void> {
  const service = Client.fromEnvironment();
  const kept = readCursor(options.cursorFile);
  const given = options.after ?? kept;
  let after = given ?? (options.fromStart ? await startOf(service) : undefined);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const line = new Line(service.url, after === undefined ? 'from now on' : 'from the cursor on');
  while (!stopping.signal.aborted) {
    const socket = connect(service, line);
    const stop = () => void socket.dispose();
    stopping.signal.addEventListener('abort', stop);
    try {
      for await (const { data, errors } of socket.iterate<Watched>({
        query: WATCH,
        variables: { queue: options.queue, after },
      })) {
        if (errors) throw errors;
        if (!data) continue;
        process.stdout.write(`${JSON.stringify(data.reviewSubmitted)}\n`);
        after = data.reviewSubmitted.cursor;
        if (options.cursorFile) keepCursor(options.cursorFile, after);
      }
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (after !== undefined && after === given) nameCursor(error, options, given === kept);
      await explainOrWait(error, line);
    } finally {
      stopping.signal.removeEventListener('abort', stop);
      await socket.dispose();
    }
  }
}

/** Tells on stderr how the connection is: once when it is there, once when it is not, and then now and again. */
class Line {
  private toldAt: number | null = null;
  private isFirst = true;
  private reason = '';

  constructor(
    private readonly url: string,
    private readonly from: string,
  ) {}

  connected(): void {
    if (this.isFirst) say(`Watching ${this.url} ${this.from}; Ctrl-C ends it.`);
    else if (this.toldAt !== null) say(`Connected to ${this.url} again.`);
    this.isFirst = false;
    this.toldAt = null;
  }

  /** What the socket says of it comes before the break itself. */
  failed(error: unknown): void {
    const { error: cause, message } = error as { error?: { code?: string }; message?: string };
    this.reason = cause?.code || message || '';
  }

  broke(): void {
    const why = this.reason || 'it was cut';
    this.reason = '';
    if (this.toldAt !== null && performance.now() - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = performance.now();
    say(`No connection to ${this.url} (${why}); trying again every second. COUNTERSIGN_URL says where the service is.`);
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One connection; whoever reads from it decides what a break means, because only they know the last cursor. */
function connect(service: Client, line: Line): SocketClient {
  return createClient({
    url: `${service.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: service.headers(),
    on: { connected: () => line.connected(), error: (error) => line.failed(error) },
  });
}

/** A refusal ends the command with its reason; a connection that broke is tried again after a second. */
async function explainOrWait(error: unknown, line: Line): Promise<void> {
  if (error instanceof CommandFailure) throw error;
  const [refusal] = Array.isArray(error) ? (error as Refusal[]) : [];
  if (refusal)
    throw new ServiceError(refusal.message, String(refusal.extensions?.code ?? 'INTERNAL'), refusal.extensions);
  const { code, reason } = error as { code?: number; reason?: string };
  // A key is always sent, so it is the key that is forbidden; what it may not do comes as an error of the operation.
  if (code === FORBIDDEN) throw new ServiceError(reason || 'Forbidden', 'UNAUTHENTICATED');
  const isRefused = code !== undefined && code >= 4_400 && code < 4_410;
  if (isRefused) throw new CommandFailure(reason || `The service closed the connection (${code}).`);
  line.broke();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function startOf(service: Client): Promise<string> {
  const { log } = await service.request<{ log: { start: string } }>('{ log { start } }');
  return log.start;
}

/** Refused for the cursor that it began with: the words say where that stands, because nobody sees it. */
function nameCursor(error: unknown, { after, cursorFile }: Options, isKept: boolean): void {
  const [refusal] = Array.isArray(error) ? (error as Refusal[]) : [];
  const code = String(refusal?.extensions?.code);
  if (!refusal || !/^(INVALID_INPUT|CURSOR_EXPIRED)$/.test(code) || !/cursor/i.test(refusal.message)) return;
  const place = after === undefined && isKept ? `--cursor-file ${cursorFile}` : '--after';
  const next = place === '--after' ? 'Leave it out' : 'Delete the file';
  throw new CommandFailure(
    `${code}: the cursor of ${place} cannot be used: ${refusal.message}\n` +
      `${next} to watch from now on, or with --from-start from the beginning.`,
  );
}

function readCursor(file: string | undefined): string | undefined {
  if (!file) return undefined;
  try {
    if (!fs.existsSync(file)) {
      fs.accessSync(dirname(file), fs.constants.W_OK);
      return undefined;
    }
    fs.accessSync(file, fs.constants.W_OK);
    return fs.readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const what = fs.existsSync(dirname(file)) ? file : `${file}: the folder ${dirname(file)}`;
    throw new UsageError(`--cursor-file ${what} cannot be used: ${whyNot(error)}.`);
  }
}

/** Over the last one, not after emptying the file: on a full disk it stays, and the next start does not skip a thing. */
function keepCursor(file: string, cursor: string): void {
  try {
    const descriptor = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_CREAT, 0o666);
    try {
      const bytes = fs.writeSync(descriptor, cursor, 0);
      if (fs.fstatSync(descriptor).size > bytes) fs.ftruncateSync(descriptor, bytes);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    throw new CommandFailure(`--cursor-file ${file} cannot be written: ${whyNot(error)}.`);
  }
}
