import { createHash } from 'node:crypto';

import type { Client } from './client.js';
import type { Wanted } from './gate.manifest.js';
import { EXIT, type Verdict } from './gate.verdict.js';

/** What a CI system calls the run. */
export interface RunName {
  readonly runId: string | null;
  readonly url: string | null;
  readonly commit: string | null;
}

interface Answer {
  readonly reportEvalRun: {
    readonly isNew: boolean;
    readonly raised: number;
    readonly run: { readonly runId: string };
  };
}

const REPORT = `mutation ($input: ReportEvalRunInput!) {
  reportEvalRun(input: $input) { isNew raised run { runId } } }`;
/** As many as the service takes of each kind. */
const MOST_LISTED = 10_000;
const OUTCOMES = new Map<number, string>([
  [EXIT.PASSED, 'PASSED'],
  [EXIT.FAILED, 'FAILED'],
  [EXIT.INCOMPLETE, 'INCOMPLETE'],
]);

type Environment = Readonly<Record<string, string | undefined>>;

/** What the well-known CI systems say of the run: its id is another for each job and each attempt. */
export function runOf(env: Environment): RunName {
  if (env.GITHUB_RUN_ID) {
    const { GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt = '1', GITHUB_JOB: job = 'job' } = env;
    const url = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY ?? ''}/actions/runs/${id}`;
    return { runId: `github-${id}-${attempt}-${job}`, url, commit: env.GITHUB_SHA ?? null };
  }
  const systems = [
    ['gitlab', env.CI_JOB_ID, env.CI_JOB_URL, env.CI_COMMIT_SHA],
    ['buildkite', env.BUILDKITE_JOB_ID, env.BUILDKITE_BUILD_URL, env.BUILDKITE_COMMIT],
    ['circleci', env.CIRCLE_WORKFLOW_JOB_ID, env.CIRCLE_BUILD_URL, env.CIRCLE_SHA1],
    ['jenkins', env.BUILD_TAG, env.BUILD_URL, env.GIT_COMMIT],
  ] as const;
  const found = systems.find(([, id]) => id);
  if (!found) return { runId: null, url: null, commit: null };
  const [system, id, url = null, commit = null] = found;
  return { runId: `${system}-${id}`, url, commit };
}

/** Tells the service how the run ended, and returns the sentence that says so. Repeating it does no harm. */
export async function reportRun(client: Client, wanted: Wanted, verdict: Verdict, name: RunName): Promise<string> {
  const ids = (state: string) => verdict.cases.flatMap((one) => (one.state === state ? one.case.id : []));
  const [passed, failed, incomplete] = [ids('PASSED'), ids('FAILED'), ids('INCOMPLETE')];
  const outcome = OUTCOMES.get(verdict.exitCode);
  const runId = name.runId ?? `local-${hashOf([wanted.datasetHash, outcome, passed, failed, incomplete])}`;
  const input = {
    dataset: wanted.dataset,
    ...name,
    runId,
    outcome,
    passed: passed.slice(0, MOST_LISTED),
    failed: failed.slice(0, MOST_LISTED),
    incomplete: incomplete.slice(0, MOST_LISTED),
    passedCount: passed.length,
    failedCount: failed.length,
    incompleteCount: incomplete.length,
    ...brokenOf(verdict),
  };
  const { reportEvalRun } = await client.request<Answer>(REPORT, { input });
  const { isNew, raised } = reportEvalRun;
  if (!isNew) return `Reported before as ${runId}: nothing changed.\n`;
  const more = raised > 0 ? ` ${raised} waiting items that are like them were raised.` : '';
  return `Reported as ${runId}: ${failed.length} failed${notTried(verdict, incomplete.length)}.${more}\n`;
}

/** What there is no result of did not run; what has one and no verdict broke. The rest was tried in another way than asked. */
function brokenOf({ cases }: Verdict): { readonly missingCount: number; readonly erroredCount: number } {
  const incomplete = cases.filter(({ state }) => state === 'INCOMPLETE');
  return {
    missingCount: incomplete.filter(({ results }) => results.length === 0).length,
    erroredCount: incomplete.filter(({ results }) => results.some(({ outcome }) => outcome === 'ERRORED')).length,
  };
}

function notTried(verdict: Verdict, incomplete: number): string {
  if (incomplete === 0) return '';
  const { missingCount, erroredCount } = brokenOf(verdict);
  const other = incomplete - missingCount - erroredCount;
  const parts = [
    ...(missingCount > 0 ? [`${missingCount} did not run`] : []),
    ...(erroredCount > 0 ? [`${erroredCount} broke`] : []),
    ...(other > 0 ? [`${other} not checked as asked`] : []),
  ];
  return `, ${incomplete} incomplete (${parts.join(', ')})`;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
