import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { register as exportCases } from '../src/cli/export.js';
import { register as gate } from '../src/cli/gate.js';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'examples/ci');
const workflows = readdirSync(folder).filter((name) => name.endsWith('.yml'));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Record<string, string>;
  readonly with?: Record<string, unknown>;
  readonly 'continue-on-error'?: boolean;
}

test('there is a workflow for each suite', () => {
  expect(workflows).toEqual(['deepeval.yml', 'inspect.yml', 'promptfoo.yml']);
});

describe.each(workflows)('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const workflow = parse(text);
  const jobs = Object.values(workflow.jobs) as { steps: Step[]; if?: string; 'timeout-minutes'?: number }[];
  const steps = jobs.flatMap((job) => job.steps);
  const runs = steps.flatMap(({ run }) => run ?? []);

  test('gives strangers nothing: no pull_request_target, no right to write, the key in one step only', () => {
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'push']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(jobs.every((job) => !('permissions' in job))).toBe(true);
    expect(text.match(/secrets\./g)).toHaveLength(1);
    const withKey = steps.filter((step) => JSON.stringify(step).includes('secrets.'));
    expect(withKey.map((step) => step.name)).toEqual(['Export']);
    // An expression inside of a script is text that a stranger may have written.
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
    for (const { uses, with: given } of steps) {
      if (uses?.startsWith('actions/checkout@')) expect(given?.['persist-credentials']).toBe(false);
    }
  });

  test('pins what it runs', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    for (const run of runs) {
      for (const [, packages] of run.matchAll(/pip install --quiet (.*)/g)) {
        for (const one of packages?.split(' ') ?? []) expect(one).toMatch(/^[\w-]+==\d/);
      }
      for (const [, one] of run.matchAll(/npx --yes (\S+)/g)) expect(one).toMatch(/@\d+\.\d+\.\d+$/);
    }
  });

  test('lets nothing but the gate decide, and nothing pass it by', () => {
    const isLoose = steps.filter((step) => step['continue-on-error']).map((step) => step.name);
    expect(isLoose).toEqual(['Run']);
    expect(jobs.every((job) => job.if === undefined && job['timeout-minutes'] !== undefined)).toBe(true);
    expect(runs.join('\n')).not.toMatch(/\|\| *(true|:)/);
    expect(steps.map((step) => step.name).filter(Boolean)).toEqual(['Export', 'Run', 'Gate']);
  });

  test('calls commands that are there, on the folder that was exported', () => {
    const program = new Command().exitOverride();
    const called: Record<string, Record<string, unknown>> = {};
    for (const add of [exportCases, gate]) add(program);
    for (const command of program.commands) {
      command.action(() => {
        called[command.name()] = command.opts();
      });
    }
    for (const run of runs) {
      const [, args] = /countersign\.mjs (.*)/.exec(run.replaceAll('\n', ' ').trim()) ?? [];
      if (args) program.parse(args.split(/\s+/), { from: 'user' });
    }
    expect(called.gate?.manifest).toBe(`${String(called.export?.out)}/manifest.json`);
    expect(called.export?.format).toBe(name.replace('.yml', ''));
    const [results] = ((called.gate?.results ?? []) as string[]).map((path) => path.split('*')[0] ?? '');
    const suite = steps.find((step) => step.name === 'Run')?.run ?? '';
    expect(suite).toContain(results?.replace(/\/$/, ''));
  });
});
