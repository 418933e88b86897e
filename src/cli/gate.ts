import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { Client } from './client.js';
import { CommandFailure, report, UsageError } from './failure.js';
import { readWanted, type Wanted, withExpected } from './gate.manifest.js';
import { asMarkdown } from './gate.markdown.js';
import { readers, readRun } from './gate.readers.js';
import { reportRun, runOf } from './gate.report.js';
import { asText, explain } from './gate.text.js';
import { EXIT, judgeRun, type NamedRun, type Rules, type Verdict } from './gate.verdict.js';
import { asJunit } from './gate.xml.js';

interface Options {
  readonly manifest: string;
  readonly results: string[];
  readonly reader?: string;
  readonly minPassRate: number;
  readonly passScore: number;
  readonly repeats: number;
  readonly repeatsPass?: number;
  readonly slice: string[];
  readonly allowEmpty: boolean;
  readonly expectedOnly: boolean;
  readonly junit?: string;
  readonly summary?: string;
  readonly report: boolean;
  readonly runId?: string;
  readonly runUrl?: string;
  readonly commit?: string;
}

const HELP = `
Needs no service and no key, but for --report. Reads what the suite wrote and compares it with what was exported:

${[...readers.values()].map(({ name, reads }) => `  ${name.padEnd(11)} ${reads}`).join('\n')}

A run is complete when every case of the manifest has exactly the results that it must have, each with a check that
compared something, and no other case ran. Missing, doubled, errored, skipped and unchecked cases, cases of another
revision, and results files that are missing, empty, cut off or of a run that was stopped all make it incomplete.

The summary is also appended to the file that GITHUB_STEP_SUMMARY names.

With --report the service hears of it: each case and its item show where it failed, and what waits for review and is like
a failed case is raised. It needs COUNTERSIGN_URL and COUNTERSIGN_API_KEY (scope EXPORT). In GitHub Actions, GitLab,
Buildkite, CircleCI and Jenkins the run, its page and the commit are known; reporting it twice changes nothing.

Exit codes: 0 passed, 1 complete but too few passed, 2 wrong usage, 3 incomplete: the run proves nothing.`;

/** Adds `countersign gate`. */
export function register(program: Command): void {
  program
    .command('gate')
    .description(
      "Decide by a suite's results whether a change may pass: every exported case tried, enough of them right.",
    )
    .requiredOption('--manifest <file>', 'manifest.json of the export that the suite ran, or its folder')
    .requiredOption('--results <file...>', 'what the suite wrote; several files are one run')
    .addOption(
      new Option('--reader <name>', 'what kind of results they are; told by their content if left out').choices([
        ...readers.keys(),
      ]),
    )
    .option('--min-pass-rate <rate>', 'share of the cases that must pass, 0 to 1, in each slice too', readShare, 1)
    .option('--slice <label>', 'also judge each value of this label apart; may be given again', collect, [])
    .option('--repeats <n>', 'results that each case must have', readCount, 1)
    .option('--repeats-pass <n>', 'how many of them must pass; all if left out', readCount)
    .option('--pass-score <score>', 'a score of at least this passed, 0 to 1, where a suite gives scores', readShare, 1)
    .option('--expected-only', 'do not ask for cases without an expected output', false)
    .option('--allow-empty', 'let an export without cases pass', false)
    .option('--junit <file>', 'write the verdict as JUnit XML')
    .option('--summary <file>', 'write the verdict as Markdown')
    .option('--report', 'tell the service how each case ended', false)
    .option('--run-id <id>', "the run's own id; left out, the CI system's", readRunId)
    .option('--run-url <url>', "the run's page; left out, the CI system's")
    .option('--commit <id>', "what was tried; left out, the CI system's")
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await gate(options);
    });
}

async function gate(options: Options): Promise<number> {
  const rules = rulesOf(options);
  const client = options.report ? Client.fromEnvironment() : null;
  const exported = await readWanted(options.manifest);
  const wanted = options.expectedOnly ? withExpected(exported) : exported;
  for (const label of rules.slices) refuseUnknownSlice(wanted, label);
  // Of nothing there are no results: a suite that was given no case may write anything.
  const isNothing = wanted.cases.size === 0 && rules.allowEmpty;
  const runs = isNothing ? [] : await Promise.all(options.results.map((path) => readResults(path, options)));
  const verdict = judgeRun(wanted, runs, rules);
  const explanation = explain(wanted, verdict, rules.minPassRate);
  process.stdout.write(asText(explanation));
  await writeReports(options, wanted, verdict, asMarkdown(explanation));
  if (!client || (await tellService(client, options, wanted, verdict))) return verdict.exitCode;
  // The verdict stands, but a run that passed has not done all that was asked of it.
  return verdict.exitCode === EXIT.PASSED ? EXIT.FAILED : verdict.exitCode;
}

/** False when the service could not be told; why was printed. */
async function tellService(client: Client, options: Options, wanted: Wanted, verdict: Verdict): Promise<boolean> {
  const known = runOf(process.env);
  const { runId = known.runId, runUrl: url = known.url, commit = known.commit } = options;
  try {
    process.stdout.write(await reportRun(client, wanted, verdict, { runId, url, commit }));
    return true;
  } catch (error) {
    report(error);
    process.stderr.write('The verdict is above, but it could not be reported.\n');
    return false;
  }
}

function rulesOf(options: Options): Rules {
  const { minPassRate, repeats, repeatsPass = repeats, slice: slices, allowEmpty } = options;
  if (repeatsPass > repeats) throw new UsageError(`--repeats-pass ${repeatsPass} is more than --repeats ${repeats}.`);
  return { minPassRate, repeats, repeatsToPass: repeatsPass, slices, allowEmpty };
}

/** A slice that no case has would always be well: most likely its name is mistyped. */
function refuseUnknownSlice({ cases }: Wanted, label: string): void {
  const known = new Set([...cases.values()].flatMap(({ labels }) => [...labels.keys()]));
  if (known.has(label) || cases.size === 0) return;
  throw new UsageError(
    `--slice ${label}: no case has it. The cases of this export have ${[...known].sort().join(', ')}.`,
  );
}

/** A results file that cannot be read is an incomplete run, not wrong usage: the suite did not write it. */
async function readResults(path: string, { reader, passScore }: Options): Promise<NamedRun> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text === 'string') return { path, ...readRun(text, reader ?? null, { passScore }) };
  const reason = text.code === 'ENOENT' ? 'There is no such file: the suite wrote no results.' : text.message;
  return { path, results: [], faults: [reason] };
}

async function writeReports(options: Options, wanted: Wanted, verdict: Verdict, markdown: string): Promise<void> {
  const { GITHUB_STEP_SUMMARY: jobSummary } = process.env;
  try {
    if (options.junit) await write(options.junit, asJunit(wanted, verdict));
    if (options.summary) await write(options.summary, markdown);
    if (jobSummary) await appendFile(jobSummary, markdown);
  } catch (error) {
    throw new CommandFailure(`The verdict is above, but it could not be written: ${(error as Error).message}`);
  }
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function readShare(text: string): number {
  const share = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || share > 1)
    throw new InvalidArgumentError('It must be a share from 0 to 1, such as 0.95.');
  return share;
}

function readRunId(text: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(text))
    throw new InvalidArgumentError('It must be 1 to 200 characters without spaces.');
  return text;
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
