import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type Command, InvalidArgumentError } from 'commander';

import { casesFilesOf, companionsOf, type ExportFormat } from '../dataset/formats/format.js';
import { formats } from '../dataset/formats/index.js';
import { Client, ServiceError } from './client.js';
import { thereAre } from './datasets.js';
import { isUnchanged } from './export.changed.js';
import { type Checked, checkFiles, type Manifest } from './export.check.js';
import { Download, type Wanted } from './export.download.js';
import { ExportFolder } from './export.folder.js';
import { UsageError } from './failure.js';

interface Options {
  readonly format: string;
  readonly out: string;
  readonly snapshot?: number;
  readonly since?: string;
  readonly ifChanged: boolean;
}

type Given = Omit<Options, 'out'> & { readonly out?: string };

const HELP = `
The API key (scope EXPORT) is read from COUNTERSIGN_API_KEY.

Files are written to DIR/.partial and moved into DIR when all of them are there and are what manifest.json says, it last:
a folder with a manifest.json is whole. Interrupted and run again, it goes on where it was.

Formats, and the files beside manifest.json (docs/formats.md says what stands where and what is left out):

${[...formats.values()].map(describe).join('\n')}`;

function describe(format: ExportFormat): string {
  const files = [...casesFilesOf(format), ...companionsOf(format)].join(', ');
  return `  ${format.name.padEnd(15)} ${format.title}: ${files}`;
}

/** Adds `countersign export`. */
export function register(program: Command): void {
  program
    .command('export')
    .description('Write the eval cases of a dataset in the format of a test suite.')
    .argument('[dataset]', "the dataset's key; left out, those that there are are named")
    .option('--out <dir>', 'the folder to write to, which must be named')
    .option('--format <name>', 'one of those below', 'jsonl')
    .option('--snapshot <n>', 'a snapshot, by number; left out, the dataset as it is now', readNumber)
    .option('--since <cursor>', 'only what changed since an earlier export, which printed this cursor')
    .option('--if-changed', 'do nothing when DIR already holds exactly this, as from the cache of a CI job', false)
    .addHelpText('after', HELP)
    .action(exportDataset);
}

async function exportDataset(dataset: string | undefined, { out, ...others }: Given): Promise<void> {
  if (!dataset) throw new UsageError(`Name a dataset to export. ${await thereAre(Client.fromEnvironment())}`.trim());
  if (!out) throw new UsageError(`Name the folder to write to: countersign export ${dataset} --out DIR`);
  await exportTo(dataset, { ...others, out });
}

async function exportTo(dataset: string, options: Options): Promise<void> {
  const format = formats.get(options.format);
  if (!format)
    throw new UsageError(`There is no format "${options.format}"; there are ${[...formats.keys()].join(', ')}.`);
  const client = Client.fromEnvironment();
  const { snapshot = null, since = null } = options;
  const wanted: Wanted = { url: client.url, dataset, format: format.name, snapshot, since };
  if (options.ifChanged && (await isUnchanged(client, wanted, options.out))) {
    process.stdout.write(`Nothing changed: ${options.out} holds the cases of ${dataset} as they are.\n`);
    return;
  }
  const folder = new ExportFolder(options.out, ['manifest.json', ...casesFilesOf(format), ...companionsOf(format)]);
  try {
    const manifest = await fetchAll(new Download(client, wanted, folder.partial, progress), format, folder);
    const kept = await folder.finish(manifest);
    process.stdout.write(summary(options, manifest));
    if (kept.length > 0) {
      process.stderr.write(`Of an earlier export and changed since, so kept: ${kept.join(', ')}\n`);
    }
  } catch (error) {
    await folder.leave();
    if (!(error instanceof ServiceError) || !error.message.startsWith('There is no dataset')) throw error;
    throw new ServiceError(`${error.message} ${await thereAre(client)}`.trim(), error.code, error.details);
  }
}

async function fetchAll(download: Download, format: ExportFormat, folder: ExportFolder): Promise<Manifest> {
  await download.resume();
  const sums = new Map<string, Checked>();
  for (const name of casesFilesOf(format)) sums.set(name, await download.cases(format, name));
  progress('');
  await download.file('manifest.json');
  const manifest = await download.manifest();
  for (const { path } of manifest.files) if (!sums.has(path)) sums.set(path, await download.file(path));
  try {
    checkFiles(manifest, sums);
  } catch (error) {
    // Going on with what is wrong would stay wrong.
    await rm(folder.partial, { recursive: true });
    throw error;
  }
  return manifest;
}

function summary(options: Options, manifest: Manifest): string {
  if (manifest.count + manifest.skipped.length + manifest.retracted.length === 0) return nothing(options, manifest);
  const what = manifest.snapshot === null ? '' : `, snapshot ${manifest.snapshot}`;
  const bytes = manifest.files.reduce((sum, file) => sum + (file.rows === undefined ? 0 : file.bytes), 0);
  const size = (bytes / 1_000_000).toFixed(1);
  const reasons = new Map<string, number>();
  for (const { reason } of manifest.skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [
    `${manifest.count} cases (${size} MB) of ${manifest.dataset}${what} in ${options.out}, checked against manifest.json`,
    ...[...reasons].map(([reason, count]) => `  left out: ${count}, ${reason} (listed in manifest.json)`),
    ...(manifest.retracted.length > 0 ? [`  retracted since then: ${manifest.retracted.length}`] : []),
    ...(manifest.dataset_hash === null ? [] : [`  ${manifest.dataset_hash}`]),
    ...(manifest.format.startsWith('promptfoo')
      ? [`Run them:            npx promptfoo@0.121.20 eval -c ${join(options.out, 'promptfooconfig.yaml')} --no-cache`]
      : []),
    `Only what changes:   countersign export ${manifest.dataset} --format ${manifest.format} --out DIR --since ${manifest.at}`,
  ];
  return `${lines.join('\n')}\n`;
}

function nothing({ out }: Options, { dataset, snapshot, since }: Manifest): string {
  if (since !== null) return `Nothing of ${dataset} changed since then: the files in ${out} hold no cases.\n`;
  if (snapshot !== null) return `Snapshot ${snapshot} of ${dataset} has no cases: the files in ${out} hold none.\n`;
  return `${dataset} has no cases yet: nothing is resolved. The files in ${out} hold none.\n`;
}

let shownAt = 0;

/** On stderr: in place on a terminal, a line every two seconds elsewhere. An empty text ends it. */
function progress(text: string): void {
  const isTerminal = process.stderr.isTTY;
  if (Date.now() - shownAt < (isTerminal ? 100 : 2_000) && text !== '') return;
  shownAt = Date.now();
  if (isTerminal) process.stderr.write(`\r\u001B[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}
