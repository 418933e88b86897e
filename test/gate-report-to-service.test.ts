import 'reflect-metadata';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { benchOf, type Bench, type Printed, run } from './support/gate.js';
import { startService, type TestService } from './support/service.js';
import { statementsOf } from './support/statements.js';

const bench = benchOf([]);
let service: TestService;
let desk: Desk;
let ci: string;
let the: Bench;
let items: Record<string, string>;
let waiting: Record<string, string>;

const CHARGED = 'I was charged twice for order 8812, please refund one of the payments to my card.';

beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  ci = await service.key([ApiKeyScope.EXPORT]);
  const [twice, late] = await flag(desk, [
    { input: CHARGED, groupKey: 'customer-7', reasons: ['wrong_policy'] },
    { input: 'Where is the parcel that I ordered in May?' },
  ]);
  await review(desk, ({ output }) => ({ verdict: 'CORRECTED', correctedOutput: `better ${String(output)}` }));
  await settle(desk);
  items = { twice: twice!, late: late! };
  const ids = await flag(desk, [
    { input: 'Something else entirely', groupKey: 'customer-7' },
    { input: CHARGED.replace('8812', '9934') },
    { input: 'My voucher does not work', tags: ['wrong_policy'] },
    { input: 'My voucher is gone', tags: ['wrong_policy'], source: 'another app' },
    { input: 'Is the shop open on Sundays?', priority: 2 },
    { input: CHARGED.replace('8812', '1111'), priority: 9 },
  ]);
  waiting = Object.fromEntries(
    ['group', 'near', 'category', 'elsewhere', 'other', 'urgent'].map((n, i) => [n, ids[i]!]),
  );
});
afterAll(() => service?.stop());

beforeEach(async () => {
  the = await bench.open();
  for (const name of ['GITHUB_RUN_ID', 'CI_JOB_ID', 'BUILDKITE_JOB_ID', 'CIRCLE_WORKFLOW_JOB_ID', 'BUILD_TAG']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', ci);
});

/** Exports the dataset, pretends that a suite ran in which these failed, and asks the gate. */
async function gate(failing: (input: string) => boolean, ...args: string[]): Promise<Printed> {
  return gateOn((line, success) => [resultOf(line, success)], failing, ...args);
}

function resultOf(line: any, success: boolean): object {
  const gradingResult = { pass: success, componentResults: [{ pass: success }] };
  return { success, failureReason: success ? 0 : 1, gradingResult, testCase: { metadata: line.metadata } };
}

/** The same, where a case has the results that `resultsOf` makes. */
async function gateOn(
  resultsOf: (line: any, success: boolean) => object[],
  failing: (input: string) => boolean,
  ...args: string[]
): Promise<Printed> {
  const out = join(the.folder, 'evals');
  await run(['export', 'cases', '--format', 'promptfoo', '--out', out]);
  const { lines } = await download(desk, '?format=promptfoo');
  const rows = lines.flatMap((line) => resultsOf(line, !failing(line.vars.case.input)));
  const results = the.write('results.json', { results: { version: 3, results: rows, stats: {} } });
  return run(['gate', '--manifest', out, '--results', results, '--report', ...args]);
}

async function priorities(): Promise<Record<string, number>> {
  const rows = await service.sql<{ id: string; priority: number }>(`SELECT id, priority FROM item`);
  const byId = new Map(rows.map(({ id, priority }) => [id, priority]));
  return Object.fromEntries(Object.entries(waiting).map(([name, id]) => [name, byId.get(id) ?? -1]));
}

const FAILING = `query($evalFailing: Boolean!) { items(filter: { evalFailing: $evalFailing }) { totalCount edges { node { id } } } }`;
const failing = async (evalFailing: boolean) =>
  (await service.do<any>(desk.manager, FAILING, { evalFailing })).items as {
    totalCount: number;
    edges: { node: { id: string } }[];
  };
const FAILURES = `query($id: ID!) { item(id: $id) { evalFailures {
  caseId isFixed run { runId dataset outcome url commit passed failed incomplete missing errored } } } }`;

test('a case that failed in CI is seen on its item and raises what waits and is like it', async () => {
  vi.stubEnv('GITHUB_RUN_ID', '42');
  vi.stubEnv('GITHUB_JOB', 'evals');
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/shop');
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.example');
  vi.stubEnv('GITHUB_RUN_ATTEMPT', '2');
  vi.stubEnv('GITHUB_SHA', 'abc123');
  const told = await gate((input) => input === CHARGED);
  expect([told.err, told.code]).toEqual(['', 1]);
  expect(told.out).toContain(
    'Reported as github-42-2-evals: 1 failed. 3 waiting items that are like them were raised.',
  );
  expect(await priorities()).toEqual({ group: 7, near: 7, category: 5, elsewhere: 0, other: 2, urgent: 9 });
  const { item } = await service.do(desk.manager, FAILURES, { id: items.twice });
  const seen = {
    runId: 'github-42-2-evals',
    dataset: 'cases',
    outcome: 'FAILED',
    url: 'https://github.example/acme/shop/actions/runs/42',
    commit: 'abc123',
    passed: 1,
    failed: 1,
    incomplete: 0,
    missing: 0,
    errored: 0,
  };
  expect(item.evalFailures).toEqual([{ caseId: expect.any(String), isFixed: false, run: seen }]);
  expect((await service.do(desk.manager, FAILURES, { id: items.late })).item.evalFailures).toEqual([]);
  const [red, others] = [await failing(true), await failing(false)];
  expect(red.edges).toEqual([{ node: { id: items.twice } }]);
  expect(others.totalCount).toBeGreaterThan(3);
  expect(others.edges).not.toContainEqual({ node: { id: items.twice } });

  await settle(desk);
  const events = await service.sql(
    `SELECT kind, item_id, data ->> 'runId' AS run, json_array_length(data -> 'raised') AS raised
     FROM event WHERE kind IN ('EVAL_RUN_REPORTED', 'CASE_FAILED', 'ITEM_BUMPED') ORDER BY seq`,
  );
  expect(events.filter(({ kind }) => kind === 'ITEM_BUMPED').map(({ item_id }) => item_id)).toHaveLength(3);
  expect(events.filter(({ kind }) => kind !== 'ITEM_BUMPED')).toEqual([
    { kind: 'EVAL_RUN_REPORTED', item_id: null, run: 'github-42-2-evals', raised: 3 },
    { kind: 'CASE_FAILED', item_id: items.twice, run: 'github-42-2-evals', raised: null },
  ]);
  const { assignments } = (
    await service.do(desk.reviewer, `mutation { claimNext(input: { count: 4 }) { assignments { item { id } } } }`)
  ).claimNext;
  const { urgent, group, near, category } = waiting;
  const order = assignments.map((one: any) => one.item.id);
  expect([order[0], new Set(order.slice(1, 3)), order[3]]).toEqual([urgent, new Set([group, near]), category]);
});

test('the same run again changes nothing; with other results it is refused, and the verdict stands', async () => {
  const same = await gate((input) => input === CHARGED, '--run-id', 'nightly-1');
  expect(same.out).toContain('Reported as nightly-1: 1 failed.\n');
  const again = await gate((input) => input === CHARGED, '--run-id', 'nightly-1');
  expect([again.code, again.out]).toEqual([
    1,
    expect.stringContaining('Reported before as nightly-1: nothing changed.'),
  ]);
  const otherwise = await gate(() => false, '--run-id', 'nightly-1');
  expect(otherwise.code).toBe(1);
  expect(otherwise.out).toContain('PASSED');
  expect(otherwise.err).toMatch(
    /DUPLICATE_CONFLICT: Run "nightly-1" of "cases" was reported before with other results/,
  );
});

test('a later run that passes tells that it is fixed, on the item, the case and the dataset', async () => {
  const { code } = await gate(
    () => false,
    '--run-id',
    'nightly-2',
    '--commit',
    'def',
    '--run-url',
    'https://ci.example/2',
  );
  expect(code).toBe(0);
  const { item } = await service.do(desk.manager, FAILURES, { id: items.twice });
  expect(item.evalFailures.map((failure: any) => failure.isFixed)).toEqual([true, true]);
  expect((await failing(true)).edges).toEqual([]);
  let page: any;
  const sent = await statementsOf(service, async () => {
    const QUERY = `{ items { edges { node { id evalFailures(first: 1) { run { runId } } } } } }`;
    page = (await service.do(desk.manager, QUERY)).items;
  });
  expect(sent.filter((statement) => statement.includes('FROM eval_result'))).toHaveLength(1);
  const found = page.edges.filter(({ node }: any) => node.evalFailures.length > 0);
  expect(page.edges.length).toBeGreaterThan(5);
  expect(found).toEqual([{ node: { id: items.twice, evalFailures: [{ run: { runId: 'nightly-1' } }] } }]);
  const { evalCases, dataset } = await service.do(
    desk.manager,
    `{ evalCases(dataset: "cases") { edges { node { results { outcome run { runId } } } } }
       dataset(key: "cases") { evalRuns { runId outcome passed } } }`,
  );
  expect(evalCases.edges[0].node.results).toEqual([
    { outcome: 'PASSED', run: { runId: 'nightly-2' } },
    { outcome: 'FAILED', run: { runId: 'nightly-1' } },
    { outcome: 'FAILED', run: { runId: 'github-42-2-evals' } },
  ]);
  expect(dataset.evalRuns[0]).toEqual({ runId: 'nightly-2', outcome: 'PASSED', passed: 2 });
});

const REPORT = `mutation($input: ReportEvalRunInput!) { reportEvalRun(input: $input) { isNew } }`;

test('what cannot be is refused and nothing of it is stored', async () => {
  const input = { dataset: 'cases', runId: 'x', outcome: 'PASSED', passed: [], failed: [], incomplete: [] };
  const unknown = '019a0000-0000-7000-8000-000000000001';
  const [id] = (await download(desk)).lines.map((line) => line.id);
  const code = async (change: object, token = ci) =>
    (await service.ask(token, REPORT, { input: { ...input, ...change } })).errors?.[0]?.extensions.code;
  expect(await code({ failed: [unknown] })).toBe('INVALID_INPUT');
  expect(await code({ failed: [id], passed: [id] })).toBe('INVALID_INPUT');
  expect(await code({ failed: [id], failedCount: 0 })).toBe('INVALID_INPUT');
  expect(await code({ url: 'javascript:alert(1)' })).toBe('INVALID_INPUT');
  expect(await code({ dataset: 'none' })).toBe('NOT_FOUND');
  expect(await code({}, desk.reviewer)).toBe('FORBIDDEN');
  expect(await code({}, await service.key([ApiKeyScope.READ]))).toBe('FORBIDDEN');
  expect(await service.sql(`SELECT FROM eval_run WHERE run_id = 'x'`)).toEqual([]);
});

test('only the newest hundred runs are kept', async () => {
  const [id] = (await download(desk)).lines.map((line) => line.id);
  await service.sql(
    `INSERT INTO eval_run (project_id, id, dataset_id, run_id, outcome, passed, failed, incomplete, content_hash, reported_by)
     SELECT $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, d.id, 'old-' || n, 'PASSED', 0, 0, 0, '', 'x'
     FROM dataset d, generate_series(1, 120) n`,
    [service.projectId],
  );
  const input = { dataset: 'cases', runId: 'newest', outcome: 'FAILED', passed: [], failed: [id], incomplete: [] };
  await service.do(ci, REPORT, { input });
  const [kept] = await service.sql(
    `SELECT count(*)::int AS n, min(run_id) FILTER (WHERE run_id = 'newest') AS newest FROM eval_run`,
  );
  expect(kept).toEqual({ n: 100, newest: 'newest' });
});

test('a service that is not there, or no key: the verdict stands and is told, a passed run is not passed over', async () => {
  vi.stubEnv('COUNTERSIGN_API_KEY', 'csk_wrong');
  const results = the.write('r.json', { results: { version: 3, results: [], stats: {} } });
  const out = join(the.folder, 'empty');
  vi.stubEnv('COUNTERSIGN_API_KEY', ci);
  const { lines } = await download(desk);
  expect(lines.length).toBe(2);
  await run(['export', 'cases', '--out', out]);
  vi.stubEnv('COUNTERSIGN_API_KEY', 'csk_wrong');
  const wrong = await run(['gate', '--manifest', out, '--results', results, '--report']);
  expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('could not be reported')]);
  expect(wrong.err).not.toContain('csk_wrong');
  vi.stubEnv('COUNTERSIGN_API_KEY', undefined);
  const none = await run(['gate', '--manifest', out, '--results', results, '--report']);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('COUNTERSIGN_API_KEY is not set')]);
});

test('an incomplete run tells how many did not run and how many broke, on the case and the dataset too', async () => {
  const [more] = await flag(desk, [{ input: 'Do you ship to Malta?', source: 'of its own', priority: 9 }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const broken = (line: any) => ({
    ...resultOf(line, false),
    failureReason: 2,
    error: 'timed out',
    gradingResult: null,
  });
  const told = await gateOn(
    (line) =>
      line.vars.case.input === CHARGED
        ? []
        : /Malta/.test(line.vars.case.input)
          ? [broken(line)]
          : [resultOf(line, true)],
    () => false,
    ...['--run-id', 'half'],
  );
  expect(told.code).toBe(3);
  expect(told.out).toContain('Reported as half: 0 failed, 2 incomplete (1 did not run, 1 broke).\n');
  const run = { runId: 'half', outcome: 'INCOMPLETE', failed: 0, incomplete: 2, missing: 1, errored: 1 };
  const fields = 'runId outcome failed incomplete missing errored';
  let shown: any;
  const sent = await statementsOf(service, async () => {
    shown = await service.do(
      desk.manager,
      `{ dataset(key: "cases") { evalRuns(first: 1) { ${fields} } }
         evalCases(dataset: "cases") { edges { node { item { id } results(first: 1) { outcome run { ${fields} } } } } } }`,
    );
  });
  const { dataset, evalCases } = shown;
  expect(evalCases.edges.length).toBeGreaterThan(2);
  expect(sent.filter((statement) => statement.includes('FROM eval_result'))).toHaveLength(1);
  expect(dataset.evalRuns).toEqual([run]);
  const results = new Map(evalCases.edges.map(({ node }: any) => [node.item.id, node.results]));
  expect(results.get(items.twice)).toEqual([{ outcome: 'INCOMPLETE', run }]);
  expect(results.get(more)).toEqual([{ outcome: 'INCOMPLETE', run }]);
  const input = {
    dataset: 'cases',
    runId: 'x',
    outcome: 'PASSED',
    passed: [],
    failed: [],
    incomplete: [],
    missingCount: 1,
  };
  const refused = await service.ask(
    ci,
    `mutation ($input: ReportEvalRunInput!) { reportEvalRun(input: $input) { isNew } }`,
    {
      input,
    },
  );
  expect(refused.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});
