import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { idIn } from '../src/cli/push/ids.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { type Printed, run } from './support/gate.js';
import { MlflowServer } from './support/mlflow.js';
import { startService, type TestService } from './support/service.js';

const SECRET = 'a-secret-of-mlflow-4711';
let service: TestService;
let desk: Desk;
let mlflow: MlflowServer;

beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  mlflow = await new MlflowServer().start();
  await make(5);
});
afterAll(async () => {
  await service?.stop();
  await mlflow?.stop();
});
beforeEach(() => {
  mlflow.requests.length = 0;
  mlflow.interfere = () => null;
  mlflow.drops = () => false;
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', desk.app);
  vi.stubEnv('MLFLOW_TRACKING_URI', mlflow.url);
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', SECRET);
});

async function make(count: number): Promise<string[]> {
  const ids = await flag(
    desk,
    Array.from({ length: count }, () => ({})),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  return ids;
}

const push = (...args: string[]): Promise<Printed> => run(['push', 'cases', '--to', 'mlflow', ...args]);

test('cases arrive once, however often they are pushed', async () => {
  const first = await push();
  expect(first).toEqual({
    code: 0,
    out: 'cases to MLflow, cases: 5 pushed (5 new, 0 replaced), 0 unchanged, 0 skipped, 0 failed\n',
    err: '',
  });
  const { lines } = await download(desk, '?format=mlflow');
  expect(mlflow.records('cases')).toEqual(
    lines.map((line) => ({ ...line, tags: { ...line.tags, countersign_dataset: 'cases' } })),
  );
  expect(mlflow.requests.every(({ headers }) => headers.authorization === `Bearer ${SECRET}`)).toBe(true);
  mlflow.requests.length = 0;
  expect((await push()).out).toContain('0 pushed (0 new, 0 replaced), 5 unchanged');
  expect(mlflow.sent).toEqual([]);
});

test('what changed is replaced by an upsert and left by an append; what was retracted is told, and nothing deleted', async () => {
  const [one, other] = (await download(desk)).lines;
  await service.do(
    desk.manager,
    `mutation($input: EditCaseInput!) { editCase(input: $input) { evalCase { revision } } }`,
    { input: { dataset: 'cases', caseId: one.id, revision: 1, tags: ['new'] } },
  );
  await service.do(
    desk.manager,
    `mutation($input: RetractCaseInput!) { retractCase(input: $input) { evalCase { id } } }`,
    { input: { dataset: 'cases', caseId: other.id, revision: 1, reason: 'no longer asked' } },
  );
  await make(1);
  const append = await push('--mode', 'append');
  expect(append.out).toContain('1 pushed (1 new, 0 replaced), 3 unchanged, 1 skipped, 0 failed');
  expect(append.out).toContain('skipped: 1, there already in another revision; --mode upsert replaces it');
  const upsert = await push();
  expect(upsert.out).toContain('1 pushed (0 new, 1 replaced), 4 unchanged, 0 skipped, 0 failed');
  expect(upsert.out).toContain('retracted here, still in MLflow: nothing is deleted there: 1');
  expect(mlflow.records('cases')).toHaveLength(6);
  expect(mlflow.records('cases').find(({ tags }) => tags.case_id === one.id).tags.revision).toBe('2');
});

test('a snapshot under another name, and cases of another dataset beside them', async () => {
  const answer = await service.do(
    desk.manager,
    `mutation { createSnapshot(input: { dataset: "cases" }) { snapshot { version } } }`,
  );
  expect(answer.createSnapshot.snapshot.version).toBe(1);
  const { code, out } = await push('--snapshot', 'latest', '--name', 'release 1');
  expect([code, out]).toEqual([0, expect.stringContaining('cases snapshot 1 to MLflow, release 1: 5 pushed')]);
  mlflow.datasets.get('release 1')?.set('x', { tags: { case_id: 'x', countersign_dataset: 'others' } });
  mlflow.datasets.get('release 1')?.set('y', { tags: { case_id: 'y', countersign_dataset: 'cases' } });
  mlflow.datasets.get('release 1')?.set('z', { tags: { note: 'made by hand' } });
  const again = await push('--snapshot', '1', '--name', 'release 1');
  expect(again.out).toContain('5 unchanged');
  expect(again.out).toContain('there and not in this snapshot, left as they are: 1');
  expect(again.out).toContain('there from other datasets, left as they are: 1');
});

test('a busy system is waited for, as long as it asks', async () => {
  const answers = [
    { status: 429, headers: { 'retry-after': '1' }, body: { message: 'slow down' } },
    { status: 500, body: { message: `we broke, ${SECRET}` } },
  ];
  mlflow.interfere = ({ method, path }) =>
    method === 'POST' && path.endsWith('/records') ? (answers.shift() ?? null) : null;
  const began = performance.now();
  const { code, out, err } = await push('--name', 'busy');
  expect([code, out]).toEqual([0, expect.stringContaining('5 pushed (5 new')]);
  expect(performance.now() - began).toBeGreaterThan(1_000);
  expect(err).toMatch(/429: slow down; trying again in 1\.0 s\n500: we broke, …; trying again in/);
  expect(err + out).not.toContain(SECRET);
});

test('a case that is refused is named, and the others arrive', async () => {
  const { lines } = await download(desk);
  const bad = lines[2].id;
  mlflow.interfere = ({ path, body }) =>
    path.endsWith('/records') && body?.records.includes(bad)
      ? { status: body.records.length > 4_000 ? 413 : 400, body: { message: 'inputs may not be that' } }
      : null;
  const { code, out } = await push('--name', 'picky');
  expect(code).toBe(1);
  expect(out).toContain('4 pushed (4 new, 0 replaced), 0 unchanged, 0 skipped, 1 failed');
  expect(out).toContain(`failed: ${bad}: 400: inputs may not be that`);
  expect(mlflow.records('picky')).toHaveLength(4);
});

test('a push that is cut says how far it came, and the same again sends what is missing', async () => {
  const ids = (await make(230)).length;
  let requests = 0;
  mlflow.interfere = ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/records')) return null;
    requests += 1;
    return requests > 1 ? { status: 401, body: { message: 'the key has expired' } } : null;
  };
  const cut = await push('--name', 'cut');
  expect(cut.code).toBe(1);
  expect(cut.err).toMatch(/^MLflow does not let this key in \(401: the key has expired\)\.\nUntil then: .* 200 pushed/);
  expect(cut.err).toContain('Run the same again: it sends what is missing.');
  mlflow.interfere = () => null;
  const rest = await push('--name', 'cut');
  expect(rest.out).toContain(`${5 + ids - 200} pushed (${5 + ids - 200} new, 0 replaced), 200 unchanged`);
  expect(mlflow.records('cut')).toHaveLength(5 + ids);
});

test.each<[string, string[], Record<string, string | undefined>, number, RegExp]>([
  ['an unknown system', ['--to', 'excel'], {}, 2, /Allowed choices are langfuse, langsmith, phoenix/],
  [
    'a client that is not installed',
    ['--to', 'langsmith'],
    { LANGSMITH_API_KEY: 'x' },
    2,
    /Run: npm install langsmith\n/,
  ],
  ['a key that is not set', ['--to', 'langfuse'], {}, 2, /LANGFUSE_PUBLIC_KEY is not set: Langfuse needs it/],
  ['no key of ours', ['--to', 'mlflow'], { COUNTERSIGN_API_KEY: undefined }, 2, /COUNTERSIGN_API_KEY is not set/],
  ['no such dataset', ['--to', 'mlflow'], { DATASET: 'none' }, 1, /There is no dataset "none"/],
  ['no such snapshot', ['--to', 'mlflow', '--snapshot', '9'], {}, 1, /has no snapshot 9/],
  ['a name with quotes', ['--to', 'mlflow', '--name', "x' OR '1'='1"], {}, 2, /no quotes/],
  ['an endpoint that is none', ['--to', 'mlflow', '--endpoint', 'ftp://x'], {}, 2, /https:\/\/host\.example/],
])('%s is said in a sentence', async (_, args, { DATASET = 'cases', ...env }, code, message) => {
  for (const name of ['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY', 'LANGSMITH_API_KEY']) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const told = await run(['push', DATASET, ...args]);
  expect([told.code, told.err]).toEqual([code, expect.stringMatching(message)]);
  expect(mlflow.requests).toEqual([]);
});

test('a key that cannot be sent, as with a line break inside, is not shown either', async () => {
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', `${SECRET}\n  ${SECRET}`);
  const { code, out, err } = await push('--name', 'broken-key');
  expect([code, out]).toEqual([1, expect.not.stringContaining(SECRET)]);
  expect(err).toContain('MLflow did not take it: ');
  expect(err).not.toContain(SECRET);
});

test('a system that is not there is named', async () => {
  const gone = await new MlflowServer().start();
  await gone.stop();
  const { code, err } = await push('--endpoint', gone.url);
  expect(code).toBe(1);
  expect(err).toMatch(/No answer from MLflow \(fetch failed \(ECONNREFUSED\)\)\. Is the address right\? --endpoint/);
});

test.each<[string, () => string, RegExp]>([
  [
    'a port that no server may have',
    () => 'http://127.0.0.1:6000',
    /^No answer from MLflow \(fetch failed \(bad port\)\)/,
  ],
  ['TLS where there is none', () => mlflow.url.replace('http:', 'https:'), /^No answer from MLflow .*SSL/],
  ['a web site', () => `${mlflow.url}/site`, /^What answers is not MLflow \(/],
  ['another service', () => `${mlflow.url}/json`, /^What answers is not MLflow\. /],
  ['a page that is not there', () => `${mlflow.url}/gone`, /^MLflow did not find it \(404\)\. /],
])('an address that is %s ends the push at once', async (_, endpoint, sentence) => {
  const site = '<!doctype html><html></html>';
  mlflow.interfere = ({ path }) => {
    if (path.startsWith('/json')) return { status: 200, body: {} };
    return { status: path.startsWith('/gone') ? 404 : 200, text: site };
  };
  const { code, out, err } = await push('--endpoint', endpoint());
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(sentence);
  expect(err.trim().split('\n')).toEqual([expect.stringMatching(/Is the address right\? --endpoint sets it\.$/)]);
});

test('a connection that drops when the cases have arrived is made again, and nothing is doubled', async () => {
  const { lines } = await download(desk);
  let drops = 1;
  mlflow.drops = ({ method, path }) => method === 'POST' && path.endsWith('/records') && drops-- > 0;
  const { code, out, err } = await push('--name', 'dropped');
  expect([code, out]).toEqual([0, expect.stringContaining(`${lines.length} pushed (${lines.length} new`)]);
  expect(err).toMatch(/^fetch failed \(.+\); trying again in/);
  expect(mlflow.records('dropped')).toHaveLength(lines.length);
});

test('ids that may not stand in two datasets are the own ones at home and derived elsewhere', () => {
  const id = '01a19467-e81d-7a63-8e7b-1de6fb2c8910';
  expect(idIn('cases', 'cases', id)).toBe(id);
  const derived = idIn('release', 'cases', id);
  expect(derived).toMatch(/^01a19467-e81d-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([idIn('release', 'cases', id), idIn('other', 'cases', id)]).toEqual([
    derived,
    expect.not.stringMatching(derived),
  ]);
});
