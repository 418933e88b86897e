import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import type { ExportFormat } from '../dataset/formats/format.js';
import { formats } from '../dataset/formats/index.js';
import { Client, EnvironmentFault } from './client.js';
import { Download } from './export.download.js';
import { CommandFailure } from './failure.js';
import { withReasons } from './push/fetch.js';
import { loadClient } from './push/load.js';
import { PushProgress } from './push/progress.js';
import { rowsOf } from './push/rows.js';
import { PushRun } from './push/run.js';
import { PushSender } from './push/sender.js';
import { PushTally } from './push/tally.js';
import { type PushTarget, setting } from './push/target.js';
import { targets } from './push/targets.js';

interface Options {
  readonly to: string;
  readonly snapshot?: number | 'latest';
  readonly name?: string;
  readonly mode: 'append' | 'upsert';
  readonly endpoint?: string;
}

const canonical = formats.get('jsonl') as ExportFormat;

const HELP = `
The API key of Countersign (scope EXPORT) is read from COUNTERSIGN_API_KEY, those of the other system from its own
variables. Its client is not part of this program: install it beside it, or in the folder you are in.

${[...targets.values()].map(describe).join('\n')}

Pushing again sends what is missing or changed and doubles nothing; so does a push after one that was cut. Nothing is
ever deleted there. docs/push.md says what stands where.`;

function describe({ name, packageName, needs, reads }: PushTarget): string {
  const variables = [...needs.map((names) => names[0]), ...reads.map((variable) => `[${variable}]`)].join(' ');
  return `  ${name.padEnd(11)} ${packageName ? `npm install ${packageName}` : 'no client needed'}\n${' '.repeat(14)}${variables}`;
}

/** Adds `countersign push`. */
export function register(program: Command): void {
  program
    .command('push')
    .description('Push the eval cases of a dataset to another system.')
    .argument('<dataset>', "the dataset's key")
    .addOption(new Option('--to <system>', 'where to').choices([...targets.keys()]).makeOptionMandatory())
    .option('--snapshot <n>', 'a snapshot, by number, or "latest"; left out, the dataset as it is now', readSnapshot)
    .option('--name <name>', "the dataset's name there; left out, its key (Braintrust: countersign/KEY)", readName)
    .addOption(
      new Option('--mode <mode>', 'append: only what is not there; upsert: replace what changed as well')
        .choices(['append', 'upsert'])
        .default('upsert'),
    )
    .option('--endpoint <url>', 'where the other system is; left out, what its variables say', readUrl)
    .addHelpText('after', HELP)
    .action(async (dataset: string, options: Options) => {
      process.exitCode = await withReasons(() => push(dataset, options));
    });
}

async function push(dataset: string, options: Options): Promise<number> {
  const target = targets.get(options.to) as PushTarget;
  const secrets = secretsOf(target, process.env);
  if (target.packageName) await loadClient(target.packageName);
  const client = Client.fromEnvironment();
  const snapshot = options.snapshot === 'latest' ? await latest(client, dataset) : (options.snapshot ?? null);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-push-'));
  try {
    const rows = await download(client, dataset, snapshot, join(folder, 'export'));
    const name = options.name ?? (target.name === 'braintrust' ? `countersign/${dataset}` : dataset);
    const sender = new PushSender(target, secrets, (text) => void process.stderr.write(`${text}\n`));
    const opening = { dataset, name, endpoint: options.endpoint ?? null, env: process.env, load: loadClient };
    const remote = await sender.ask(() => target.open(opening));
    const to = { tally: new PushTally(), progress: new PushProgress(rows.count) };
    const what = `${dataset}${snapshot === null ? '' : ` snapshot ${snapshot}`} to ${target.title}, ${name}`;
    const cases = rowsOf(rows.path, formats.get(target.name) as ExportFormat, { dataset, snapshot });
    const rules = { dataset, isUpsert: options.mode === 'upsert', isSnapshot: snapshot !== null };
    try {
      await new PushRun(target, remote, sender, to).run(cases, rules);
    } catch (error) {
      to.progress.finish();
      throw unfinished(error, to.tally, to.tally.summary(what, target.title));
    }
    to.progress.finish();
    process.stdout.write(to.tally.summary(what, target.title));
    return to.tally.hasFailures ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says how far it came. */
function unfinished(error: unknown, tally: PushTally, summary: string): unknown {
  if (!(error instanceof CommandFailure)) return error;
  const until = tally.hasBegun ? `Until then: ${summary}` : '';
  const next = tally.hasBegun ? 'Run the same again: it sends what is missing.' : '';
  return new CommandFailure([error.message, `${until}${next}`].filter(Boolean).join('\n'));
}

async function download(client: Client, dataset: string, snapshot: number | null, folder: string) {
  const wanted = { url: client.url, dataset, format: canonical.name, snapshot, since: null };
  const loading = new Download(client, wanted, folder, () => undefined);
  await loading.resume();
  await loading.cases(canonical, canonical.casesFile);
  await loading.file('manifest.json');
  const { count } = await loading.manifest();
  return { path: join(folder, canonical.casesFile), count };
}

const LATEST = `query($key: String!) { dataset(key: $key) { snapshots(first: 1) { version } } }`;

async function latest(client: Client, key: string): Promise<number> {
  const { dataset } = await client.request<{ dataset: { snapshots: { version: number }[] } | null }>(LATEST, { key });
  if (!dataset) throw new CommandFailure(`NOT_FOUND: There is no dataset "${key}".`);
  const version = dataset.snapshots[0]?.version;
  if (version === undefined) throw new CommandFailure(`Dataset "${key}" has no snapshot.`);
  return version;
}

/** What must never be printed. Throws where a variable that is needed is not set. */
function secretsOf({ title, needs, reads }: PushTarget, env: NodeJS.ProcessEnv): string[] {
  for (const names of needs) {
    if (setting(env, names)) continue;
    throw new EnvironmentFault(`${names.join(' or ')} is not set: ${title} needs it.`);
  }
  const names = [...needs.flat(), ...reads.filter((name) => /KEY|TOKEN|PASSWORD/.test(name)), 'COUNTERSIGN_API_KEY'];
  return names.flatMap((name) => env[name]?.trim() ?? []);
}

function readSnapshot(text: string): number | 'latest' {
  if (text === 'latest') return text;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1, or "latest".');
  return Number(text);
}

function readName(text: string): string {
  if (text.trim() !== text || text === '' || text.length > 200 || /[\p{C}'"\\]/u.test(text)) {
    throw new InvalidArgumentError('It must have 1 to 200 characters, no quotes, no backslash, no space at its ends.');
  }
  return text;
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('It must be like https://host.example');
}
