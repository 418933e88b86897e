import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('node_modules/promptfoo/dist/src/entrypoint.js', import.meta.url));
const providers = fileURLToPath(new URL('providers/', import.meta.url));

/** A secret in the environment of every run: it must never come out of one. */
export const CANARY = 'canary-4f1d2c7b9a';

/**
 * Runs the real promptfoo on an exported folder with one of ours as the application: `oracle` answers what is expected,
 * `wrong` something else. Returns the exit code, promptfoo's own results, what the application saw and answered, and
 * everything that was printed or written. There is no network: it would go to a port where nobody listens.
 */
export async function runPromptfoo(folder, provider, extraArgs = []) {
  if (!existsSync(program))
    throw new Error('promptfoo is not installed here. Run: npm --prefix test/contract run setup');
  const work = await mkdtemp(join(tmpdir(), 'countersign-promptfoo-'));
  const results = join(work, 'results.json');
  const seen = join(work, 'seen.jsonl');
  const args = [
    'eval',
    '-c',
    join(folder, 'promptfooconfig.yaml'),
    '--providers',
    `file://${providers}${provider}.cjs`,
  ];
  const flags = ['--no-cache', '--no-progress-bar', '--no-table', '--no-write', '-o', results, ...extraArgs];
  const child = spawn(process.execPath, [program, ...args, ...flags], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: work,
      PROMPTFOO_CONFIG_DIR: join(work, 'config'),
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
      PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
      PROMPTFOO_DISABLE_SHARING: '1',
      // Its own log files: it fails at its end, with exit code 1, when much is still to be written to them.
      PROMPTFOO_DISABLE_DEBUG_LOG: '1',
      PROMPTFOO_DISABLE_ERROR_LOG: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      // On purpose not PROMPTFOO_DISABLE_TEMPLATE_ENV_VARS: our files must be safe without it.
      COUNTERSIGN_CANARY: CANARY,
      SEEN_FILE: seen,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  const [exitCode] = await once(child, 'exit');
  const resultsText = await readFile(results, 'utf8').catch(() => '{}');
  const seenText = await readFile(seen, 'utf8').catch(() => '');
  await rm(work, { recursive: true, force: true });
  return {
    exitCode,
    printed,
    stats: JSON.parse(resultsText).results?.stats,
    results: JSON.parse(resultsText).results?.results ?? [],
    seen: seenText
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    everything: `${printed}\n${resultsText}\n${seenText}`,
  };
}

/** What is wrong with a run in which all must pass (or all must fail), as sentences; none when it is as it must be. */
export function faultsOf(run, manifest, mustPass) {
  const faults = [];
  const expect = (isSo, text) => isSo || faults.push(text);
  const [passed, failed] = mustPass ? [manifest.count, 0] : [0, manifest.count];
  expect(run.exitCode === (mustPass ? 0 : 100), `exit code ${run.exitCode}: ${run.printed.slice(-2_000)}`);
  expect(run.stats?.successes === passed, `${run.stats?.successes} passed, not ${passed}`);
  expect(run.stats?.failures === failed, `${run.stats?.failures} failed, not ${failed}`);
  expect(run.stats?.errors === 0, `${run.stats?.errors} errors`);
  const ids = run.results.map((result) => result.testCase.metadata.case_id).sort();
  const wanted = manifest.rows.map((row) => row.case_id).sort();
  expect(ids.join() === wanted.join(), 'the cases that ran are not those of the manifest');
  const unchecked = run.results.filter((result) => !result.gradingResult?.componentResults?.length).length;
  expect(unchecked === 0, `${unchecked} results without a check`);
  expect(!run.everything.includes(CANARY), 'the canary of the environment came out');
  return faults;
}
