import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { actorOf, type Viewer } from '../access/viewer.js';
import { bump } from '../assignment/bump.writer.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { DatasetQueries } from './dataset.queries.js';
import { jsonHash } from './eval-case.record.js';
import type { ReportEvalRunInput } from './eval-run.input.js';
import type { Raise } from './eval-run.like.js';
import { EvalRunQueries } from './eval-run.queries.js';
import { dropOldRuns, lockLower, putResults, putRun, runByName } from './eval-run.sql.js';

/** Events of single failed cases that one run may add to the log. */
const MOST_FAILURES_LOGGED = 1_000;

export interface Reported {
  readonly id: string;
  readonly isNew: boolean;
  readonly raised: number;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly incomplete: number;
  /** Of the incomplete; left out where the report does not say. */
  readonly missing?: number;
  readonly errored?: number;
}

/** A report that was checked, on its way into the database. */
interface Report {
  readonly projectId: number;
  readonly datasetId: string;
  readonly actor: string;
  readonly input: ReportEvalRunInput;
  readonly counts: Counts;
}

interface StoredResult {
  readonly caseId: string;
  readonly itemId: string;
  readonly outcome: string;
}

/**
 * Takes in what a suite found: the run, how each case ended, and that what waits and is like a failed case should be
 * looked at sooner. All of it happens or nothing.
 *
 * The same run id again with the same content changes nothing; with other content it is refused, as flagging does.
 */
@Injectable()
export class EvalRunService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
    private readonly runs: EvalRunQueries,
    private readonly logHint: LogHint,
  ) {}

  async report(viewer: Viewer, input: ReportEvalRunInput): Promise<Reported> {
    const { projectId } = viewer;
    const { id: datasetId } = await this.datasets.need(projectId, input.dataset);
    const report = { projectId, datasetId, actor: actorOf(viewer), input, counts: countsOf(input) };
    const raises = await this.runs.likeOf(projectId, datasetId, input.failed);
    const reported = await this.database.transaction((tx) => store(tx, report, raises));
    if (reported.isNew) this.logHint.wake(projectId);
    return reported;
  }
}

async function store(tx: Queryable, report: Report, raises: readonly Raise[]): Promise<Reported> {
  const { projectId, datasetId, actor, input, counts } = report;
  const { outcome, url = null, commit = null, runId } = input;
  const id = uuidv7();
  const { passed, failed, incomplete, missing = 0, errored = 0 } = counts;
  const hash = jsonHash({ outcome, url, commit, counts, lists: [input.passed, input.failed, input.incomplete] });
  const facts = [runId, outcome, url, commit, passed, failed, incomplete, missing, errored];
  const stored = await tx.query(putRun, [projectId, id, datasetId, ...facts, hash, actor]);
  if (stored.length === 0) return known(tx, report, hash);
  const results = await writeResults(tx, report, id);
  await tx.query(dropOldRuns, [projectId, datasetId]);
  const raised = await raise(tx, report, raises);
  const about = { datasetId, runId, url, commit };
  const failures = results.filter((result) => result.outcome === 'FAILED').slice(0, MOST_FAILURES_LOGGED);
  await append(tx, [
    { projectId, kind: 'EVAL_RUN_REPORTED', actor, data: { ...about, outcome, ...counts, raised } },
    ...failures.map(({ caseId, itemId }) => ({
      projectId,
      kind: 'CASE_FAILED',
      actor,
      itemId,
      data: { ...about, caseId },
    })),
  ]);
  return { id, isNew: true, raised: raised.length };
}

async function known(tx: Queryable, { projectId, datasetId, input }: Report, hash: string): Promise<Reported> {
  const [run] = await tx.query<{ id: string; contentHash: string }>(runByName, [projectId, datasetId, input.runId]);
  if (run?.contentHash === hash) return { id: run.id, isNew: false, raised: 0 };
  const message =
    `Run "${input.runId}" of "${input.dataset}" was reported before with other results. ` +
    'Give each run, each attempt and each suite an id of its own.';
  throw new Refusal('DUPLICATE_CONFLICT', message);
}

async function writeResults(tx: Queryable, { projectId, datasetId, input }: Report, id: string) {
  const lists = [
    ['PASSED', input.passed],
    ['FAILED', input.failed],
    ['INCOMPLETE', input.incomplete],
  ] as const;
  const all = lists.flatMap(([outcome, ids]) => ids.map((caseId) => ({ caseId: caseId.toLowerCase(), outcome })));
  const ids = all.map(({ caseId }) => caseId);
  if (new Set(ids).size < ids.length) {
    throw new Refusal('INVALID_INPUT', 'passed, failed, incomplete: a case stands in them twice.');
  }
  const outcomes = all.map(({ outcome }) => outcome);
  const stored = await tx.query<StoredResult & object>(putResults, [projectId, id, datasetId, ids, outcomes]);
  if (stored.length === ids.length) return stored;
  const found = new Set(stored.map(({ caseId }) => caseId));
  const missing = ids.filter((caseId) => !found.has(caseId));
  const message = `"${input.dataset}" has no case ${missing[0]}, nor ${missing.length - 1} others of these.`;
  throw new Refusal('INVALID_INPUT', missing.length === 1 ? message.replace(/, nor .*/, '.') : message);
}

/** Raises what is lower, level by level; returns what was raised, and why. */
async function raise(tx: Queryable, { projectId, actor }: Report, raises: readonly Raise[]): Promise<Raise[]> {
  const done: Raise[] = [];
  for (const level of new Set(raises.map((one) => one.level))) {
    const wanted = raises.filter((one) => one.level === level);
    const itemIds = wanted.map(({ itemId }) => itemId);
    const locked = await tx.query<{ id: string }>(lockLower, [projectId, itemIds, level]);
    const ids = new Set(locked.map(({ id }) => id));
    if (ids.size === 0) continue;
    await bump(tx, projectId, actor, [...ids], { priority: level, dueAt: null });
    done.push(...wanted.filter(({ itemId }) => ids.has(itemId)));
  }
  return done;
}

function countsOf(input: ReportEvalRunInput): Counts {
  const count = (name: 'passed' | 'failed' | 'incomplete') => {
    const listed = input[name].length;
    const said = input[`${name}Count`] ?? listed;
    if (said >= listed) return said;
    throw new Refusal('INVALID_INPUT', `${name}Count is ${said}, and ${listed} are listed.`);
  };
  const counts = { passed: count('passed'), failed: count('failed'), incomplete: count('incomplete') };
  const [missing, errored] = [input.missingCount ?? 0, input.erroredCount ?? 0];
  if (missing + errored > counts.incomplete) {
    const said = `missingCount is ${missing} and erroredCount ${errored}`;
    throw new Refusal('INVALID_INPUT', `${said}, and ${counts.incomplete} are incomplete.`);
  }
  return { ...counts, ...(missing > 0 && { missing }), ...(errored > 0 && { errored }) };
}
