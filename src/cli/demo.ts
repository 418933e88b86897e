import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Command } from 'commander';

import { Client } from './client.js';
import { Reviewer, type ReviewerReport } from './demo.reviewer.js';
import { DemoService, freePort, runCommand, Watcher } from './demo.service.js';
import { CommandFailure } from './failure.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLES = path.join(ROOT, 'examples');
const APPLICATIONS = ['support', 'invoices', 'sql'];

/** Adds `countersign demo`: the whole loop on the sample data, on a service and a database of its own. */
export function register(program: Command): void {
  program
    .command('demo')
    .description('Play the whole loop on sample data: apply, flag, review, watch, export, verify.')
    .option('--stay', 'leave the service running afterwards, to look around; Ctrl-C ends it')
    .option('--out <dir>', 'where the eval cases go (default: a new folder in the temporary directory)')
    .action(demo);
}

async function demo(options: { stay?: boolean; out?: string }): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-demo-'));
  // The embedded PostgreSQL may run as another user, who must be able to look in.
  fs.chmodSync(folder, 0o755);
  const out = path.resolve(options.out ?? path.join(folder, 'evals'));
  say(1, 'Start a service of its own, with a new database');
  const service = await DemoService.start(ROOT, path.join(folder, 'data'), await freePort());
  try {
    await play(service, out);
    if (options.stay) await stay(service);
  } finally {
    await service.stop();
    fs.rmSync(path.join(folder, 'data'), { recursive: true, force: true });
  }
}

async function play(service: DemoService, out: string): Promise<void> {
  const env = {
    COUNTERSIGN_URL: service.url,
    COUNTERSIGN_API_KEY: service.apiKey,
    COUNTERSIGN_DATA_DIR: service.dataDir,
  };
  const command = (...args: string[]) => runCommand(ROOT, args, env);

  say(2, 'Set up queues, rubrics, the policy and datasets from a file');
  await command('apply', 'examples/countersign.yaml', '--yes');

  say(3, 'Flag what three applications answered; the policy decides what a person should see');
  for (const name of APPLICATIONS) await command('flag', `examples/${name}/outputs.jsonl`);

  say(4, 'Three reviewers work it off; their corrections arrive as they are submitted');
  const watcher = new Watcher(ROOT, env);
  const reports = await review(service);
  const submitted = reports.reduce((sum, report) => sum + report.submitted, 0);
  await watcher.until(submitted);
  watcher.stop();
  for (const { name, submitted: count, corrected } of reports) {
    process.stdout.write(`  ${name}: ${count} reviews, ${corrected} of them corrections\n`);
  }
  process.stdout.write(`  the subscriber received ${watcher.received} of ${submitted}\n`);
  if (watcher.received !== submitted) throw new CommandFailure('The stream and the reviewers do not agree.');

  say(5, 'Every resolved item is an eval case; export them for promptfoo');
  for (const name of APPLICATIONS)
    await command('export', name, '--format', 'promptfoo', '--out', path.join(out, name));

  say(6, 'Check the hash chain of the log, and recount every counter');
  await command('verify-log');
  process.stdout.write(`\nThe eval cases are in ${out}\n`);
}

async function review(service: DemoService): Promise<ReviewerReport[]> {
  const admin = new Client(service.url, service.adminToken);
  const answers = APPLICATIONS.map((name) => path.join(EXAMPLES, name, 'answers.jsonl'));
  const reviewers = await Promise.all(['Ada', 'Ben', 'Chiyo'].map((name) => Reviewer.hire(admin, name, answers)));
  return Promise.all(reviewers.map((reviewer) => reviewer.work()));
}

async function stay(service: DemoService): Promise<void> {
  process.stdout.write(`\nStill running: ${service.url}\n  sign in with  ${service.adminToken}\nCtrl-C ends it.\n`);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve));
}

function say(step: number, text: string): void {
  process.stdout.write(`\n${step}. ${text}\n`);
}
