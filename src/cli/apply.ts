import { createInterface } from 'node:readline/promises';

import type { Command } from 'commander';

import { Client, ServiceError } from './client.js';
import { CommandFailure } from './failure.js';
import { readSetupFile, type SetupFault, type SetupFile } from './setup.file.js';

const APPLY = `
  mutation Apply($input: ApplySetupInput!) {
    applySetup(input: $input) { applied hash changes { kind key what differences } }
  }`;

interface Plan {
  readonly applied: boolean;
  readonly hash: string;
  readonly changes: readonly {
    readonly kind: string;
    readonly key: string;
    readonly what: 'CREATE' | 'UPDATE' | 'UNCHANGED';
    readonly differences: readonly string[];
  }[];
}

interface ApplyOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('apply')
    .description('Make queues, rubrics, the policy and datasets what a YAML file says')
    .argument('<file>', 'the set-up file; "-" reads standard input')
    .option('-y, --yes', 'do not ask')
    .option('-n, --dry-run', 'show what would change and change nothing')
    .option('--json', 'print the changes as JSON')
    .addHelpText('after', '\nWhat the file does not name is left alone. A second time changes nothing.')
    .action((file: string, options: ApplyOptions) => apply(Client.fromEnvironment(), file, options));
}

async function apply(client: Client, path: string, options: ApplyOptions): Promise<void> {
  const file = readSetupFile(path);
  const plan = await send(client, file, { dryRun: true });
  const isNothing = plan.changes.every(({ what }) => what === 'UNCHANGED');
  if (!options.json) process.stdout.write(tell(plan));
  if (isNothing || options.dryRun) {
    if (options.json) process.stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    else process.stdout.write(isNothing ? 'Nothing to change.\n' : 'A dry run: nothing was changed.\n');
    return;
  }
  if (!options.yes && !(await isAgreed())) throw new CommandFailure('Nothing was changed.');
  const done = await send(client, file, { expectedHash: plan.hash });
  process.stdout.write(options.json ? `${JSON.stringify(done, null, 2)}\n` : 'Done.\n');
}

async function send(client: Client, file: SetupFile, options: object): Promise<Plan> {
  try {
    const input = { document: file.document, ...options };
    return (await client.request<{ applySetup: Plan }>(APPLY, { input })).applySetup;
  } catch (error) {
    const faults = error instanceof ServiceError ? (error.details.faults as SetupFault[] | undefined) : undefined;
    if (!faults) throw error;
    throw new CommandFailure(faults.map((fault) => file.locate(fault)).join('\n'));
  }
}

const SIGNS = { CREATE: '+', UPDATE: '~', UNCHANGED: '=' } as const;

function tell(plan: Plan): string {
  return plan.changes
    .map(({ kind, key, what, differences }) =>
      [
        `${SIGNS[what]} ${kind} ${key}${what === 'UNCHANGED' ? ' (unchanged)' : ''}`,
        ...differences.map((line) => `    ${line}`),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('');
}

/** Without a terminal there is nobody to ask: what was typed into a script is meant. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await prompt.question('Make these changes? [y/N] ')).trim());
  } finally {
    prompt.close();
  }
}
