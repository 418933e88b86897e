import { once } from 'node:events';
import fs from 'node:fs';

import { type Command, InvalidArgumentError } from 'commander';

import { findUnkeepableInText } from '../graphql/json.text.js';
import { pathText } from '../graphql/json.exactness.js';
import { type Line, readLines } from './flag.lines.js';
import { Client } from './client.js';
import { CommandFailure, report, UsageError } from './failure.js';
import { Mapping, MappingError } from './flag.mapping.js';
import { FlagProgress } from './flag.progress.js';
import { type Outcome, type Outgoing, Sender } from './flag.sender.js';
import { builtinSignals } from './signals.js';

const EXIT = { REFUSED: 1, INTERRUPTED: 130 } as const;
const MIB = 1024 * 1024;
const LONGEST_LINE = 16 * MIB;
/** One request. Larger ones gain nothing; many small lines are sent 500 at a time. */
const BATCH_BYTES = MIB;
const BATCH_LINES = 500;
const READ_BYTES = 256 * 1024;

interface Options {
  readonly queue?: string;
  readonly map: string[];
  readonly signal: string[];
  readonly inFlight: number;
  readonly rejects?: string;
}

/** Adds `countersign flag`: streams a file of any size to the service, which may be interrupted and run again. */
export function register(program: Command): void {
  program
    .command('flag')
    .description('Flag the outputs in a JSON Lines file; run again, it adds only what is missing')
    .argument('<file>', 'the JSON Lines; "-" reads standard input')
    .option('--queue <key>', 'the queue for all of them; left out, the policy chooses')
    .option('--map <field=path>', 'where a field comes from; may be repeated (see below)', gather, [])
    .option('--signal <name=builtin>', 'computes a signal from the texts; may be repeated', gather, [])
    .option('--in-flight <n>', 'requests at once, 1 to 32', readInFlight, 4)
    .option('--rejects <file>', 'where lines go that were refused (default: FILE.rejected.jsonl)')
    .addHelpText('after', HELP)
    .action(async (file: string, options: Options) => {
      process.exitCode = await flagFile(file, options);
    });
}

const HELP = `
Without --map each line is a FlagOutputInput as it stands. With it, only what is mapped is sent:
  --map externalId=$.ID --map input=$.user_query --map output=$.chatgpt_response --map source=:halueval
  A path is $.a.b[0], a.b[0] or a["odd key"]; $ is the whole line; :text is a constant.
  Fields: externalId, source, input, output (required), queue, model.name, model.version, prompt.name, prompt.version,
  context, confidence, risk, reasons, tags, metadata, groupKey, traceId, priority, dueAt, signals.NAME, and
  input.KEY, output.KEY, metadata.KEY to build an object. tags, reasons and context may be mapped several times.

Signals that --signal can compute:
${Object.entries(builtinSignals)
  .map(([name, { description }]) => `  ${name.padEnd(13)} ${description}`)
  .join('\n')}

The key needs the scope FLAG. Exit codes: 0 every line is stored, 1 some were refused (they are in the file of rejects,
with line number and reason) or it had to stop, 2 wrong usage, 130 interrupted.`;

async function flagFile(file: string, options: Options): Promise<number> {
  const mapping = readMapping(options);
  const isPiped = file === '-';
  const total = isPiped ? null : (fs.statSync(file, { throwIfNoEntry: false })?.size ?? -1);
  if (total === -1) throw new UsageError(`There is no file ${file}.`);
  const stream = isPiped ? process.stdin : fs.createReadStream(file, { highWaterMark: READ_BYTES });
  const rejects = new Rejects(options.rejects ?? `${isPiped ? 'stdin' : file}.rejected.jsonl`);
  const sender = new Sender(Client.fromEnvironment());
  const run = new FlagRun(mapping, sender, rejects, new FlagProgress(total, () => sender.waiting));
  return run.run(stream, options.inFlight);
}

function readMapping({ map, signal, queue }: Options): Mapping {
  try {
    return new Mapping({ maps: map, signals: signal, ...(queue !== undefined && { queue }) });
  } catch (error) {
    throw error instanceof MappingError ? new UsageError(error.message) : error;
  }
}

/** One pass over a file: reads no faster than the service takes, so memory does not grow with the file. */
class FlagRun {
  private readonly sending = new Set<Promise<void>>();
  private failure: Error | null = null;
  private isInterrupted = false;

  constructor(
    private readonly mapping: Mapping,
    private readonly sender: Sender,
    private readonly rejects: Rejects,
    private readonly progress: FlagProgress,
  ) {}

  async run(stream: AsyncIterable<Uint8Array>, inFlight: number): Promise<number> {
    const interrupt = () => void (this.isInterrupted = true);
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    try {
      await this.sendAll(stream, inFlight);
    } catch (error) {
      this.failure ??= error as Error;
    }
    // What is on its way is waited for, so that the summary is true.
    await Promise.all(this.sending);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await this.rejects.close();
    this.progress.finish(this.rejects.path);
    return this.exitCode();
  }

  private async sendAll(stream: AsyncIterable<Uint8Array>, inFlight: number): Promise<void> {
    let batch: Outgoing[] = [];
    let bytes = 0;
    for await (const line of readLines(stream, LONGEST_LINE)) {
      if (this.failure || this.isInterrupted) return;
      const outgoing = await this.read(line);
      if (!outgoing) continue;
      if (batch.length >= BATCH_LINES || (batch.length > 0 && bytes + outgoing.bytes > BATCH_BYTES)) {
        await this.dispatch(batch, inFlight);
        batch = [];
        bytes = 0;
      }
      batch.push(outgoing);
      bytes += outgoing.bytes;
    }
    if (batch.length > 0) await this.dispatch(batch, inFlight);
  }

  private exitCode(): number {
    if (this.failure) {
      report(this.failure);
      return report(
        new CommandFailure('What was acknowledged is stored. Run the same again: it adds what is missing.'),
      );
    }
    if (this.isInterrupted) {
      report(new CommandFailure('Interrupted. Run the same again: it adds what is missing.'));
      return EXIT.INTERRUPTED;
    }
    return this.rejects.count > 0 ? EXIT.REFUSED : 0;
  }

  /** Waits until there is room, then sends without waiting for the answer. */
  private async dispatch(batch: readonly Outgoing[], inFlight: number): Promise<void> {
    while (this.sending.size >= inFlight) await Promise.race(this.sending);
    if (this.failure || this.isInterrupted) return;
    const outcomes: Promise<void>[] = [];
    const sending = this.sender
      .send(batch, (line, outcome) => void outcomes.push(this.settle(line, outcome)))
      .then(() => Promise.all(outcomes))
      .catch((error: unknown) => (this.failure ??= error as Error))
      .then(() => void this.sending.delete(sending));
    this.sending.add(sending);
  }

  /** What is to be sent for a line; null when it was refused here. */
  private async read(line: Line): Promise<Outgoing | null> {
    this.progress.read(line.end);
    const { number, text, problem } = line;
    const refuse = async (code: string, reason: string) => {
      await this.settle({ line: number, text, input: null, bytes: 0 }, { kind: 'bad', code, reason });
      return null;
    };
    if (problem) return refuse('INVALID_INPUT', problem);
    let parsed: unknown;
    try {
      parsed = JSON.parse(text) as unknown;
    } catch (error) {
      return refuse('INVALID_JSON', `not JSON: ${(error as Error).message}`);
    }
    const lost = this.lossIn(text, parsed);
    if (lost) return refuse('INVALID_JSON', lost);
    try {
      const input = this.mapping.apply(parsed);
      return { line: number, text, input, bytes: Buffer.byteLength(JSON.stringify(input)) };
    } catch (error) {
      if (error instanceof MappingError) return refuse('INVALID_INPUT', error.message);
      throw error;
    }
  }

  /** What reading the line as JSON has altered already, in a part of it that is sent as JSON. */
  private lossIn(text: string, parsed: unknown): string | null {
    const paths = this.mapping.jsonPaths;
    const found = findUnkeepableInText(text, parsed).find(
      ({ path }) => paths === null || paths.some((steps) => steps.every((step, i) => path[i] === step)),
    );
    return found ? `cannot be kept exactly: ${found.reason}, at ${pathText(found.path)}` : null;
  }

  private async settle(line: Outgoing, outcome: Outcome): Promise<void> {
    this.progress.count(outcome.kind);
    if (outcome.kind === 'bad' || outcome.kind === 'conflict') await this.rejects.write(line, outcome);
  }
}

/** The file of refused lines, made when the first is refused. */
class Rejects {
  count = 0;
  private stream: fs.WriteStream | null = null;

  constructor(private readonly file: string) {}

  get path(): string | null {
    return this.count > 0 ? this.file : null;
  }

  async write({ line, text }: Outgoing, { code, reason }: { code: string; reason: string }): Promise<void> {
    this.count += 1;
    this.stream ??= fs.createWriteStream(this.file);
    if (!this.stream.write(`${JSON.stringify({ line, code, reason, text })}\n`)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (!this.stream) return;
    this.stream.end();
    await once(this.stream, 'finish');
  }
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}

function readInFlight(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 32) return number;
  throw new InvalidArgumentError('allowed is 1 to 32');
}
