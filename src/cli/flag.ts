import fs from 'node:fs';
import path from 'node:path';

import { type Command, InvalidArgumentError } from 'commander';

import { Client } from './client.js';
import { UsageError, whyNot } from './failure.js';
import { Mapping } from './flag.mapping.js';
import { MappingError } from './flag.path.js';
import { FlagProgress } from './flag.progress.js';
import { Rejects } from './flag.rejects.js';
import { FlagRun } from './flag.run.js';
import { PATIENCE_SECONDS, Sender } from './flag.sender.js';
import { builtinSignals } from './signals.js';

const READ_BYTES = 256 * 1024;
const SAY_EVERY_MS = 10_000;

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
  A path is $.a.b[0], a.b[0] or a["odd key"]; $ is the whole line; :text is a constant; #line is FILE:number and #hash
  a hash of the line, for an externalId where the file has none.
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
  const input = isPiped ? null : open(file);
  const sender = new Sender(Client.fromEnvironment(process.env, tellNowAndThen()));
  // Beside a file, and in the working directory for what is no file and so lies in no folder.
  const name = input?.isFile ? file : isPiped ? 'stdin' : path.basename(file);
  const rejects = new Rejects(options.rejects ?? `${name}.rejected.jsonl`);
  const progress = new FlagProgress(input?.bytes ?? null, () => sender.waiting);
  const run = new FlagRun(path.basename(file), mapping, sender, { progress, rejects });
  return run.run(input?.stream ?? process.stdin, options.inFlight);
}

function open(file: string): { stream: fs.ReadStream; bytes: number | null; isFile: boolean } {
  try {
    const fd = fs.openSync(file, 'r');
    const found = fs.fstatSync(fd);
    if (found.isDirectory()) throw Object.assign(new Error(file), { code: 'EISDIR' });
    const stream = fs.createReadStream(file, { fd, highWaterMark: READ_BYTES });
    return { stream, bytes: found.isFile() ? found.size : null, isFile: found.isFile() };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${whyNot(error)}.`);
  }
}

/** Several requests may wait at once, each many times; it is said once, and then so that nobody thinks it hangs. */
function tellNowAndThen(): (reason: string, seconds: number) => void {
  let saidAt = -Infinity;
  return (reason) => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    process.stderr.write(`${reason}; trying again for up to ${PATIENCE_SECONDS} s\n`);
  };
}

function readMapping({ map, signal, queue }: Options): Mapping {
  try {
    return new Mapping({ maps: map, signals: signal, ...(queue !== undefined && { queue }) });
  } catch (error) {
    throw error instanceof MappingError ? new UsageError(error.message) : error;
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
