import 'reflect-metadata';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { register } from '../src/cli/diff.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
/** Item and case of each: what becomes of it between the two snapshots. */
const made = new Map<string, { item: string; case: string }>();
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  await add(['stays', 'changes', 'goes', 'comes back', 'gone before']);
  await set('gone before', 'WITHDRAWN');
  await freeze();
  await add(['is new', 'came and went']);
  await correct('changes', 'once');
  await correct('changes', 'twice');
  for (const name of ['goes', 'comes back', 'came and went']) await set(name, 'WITHDRAWN');
  for (const name of ['comes back', 'gone before']) await set(name, 'RESOLVED');
  await freeze();
});
afterAll(() => service?.stop());
afterEach(() => vi.restoreAllMocks());

async function add(names: string[]): Promise<void> {
  const ids = await flag(
    desk,
    names.map((name) => ({ output: name })),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const { lines } = await download(desk);
  names.forEach((name, i) => {
    const found = lines.find((line) => line.provenance.item_id === ids[i]);
    made.set(name, { item: ids[i]!, case: found.id });
  });
}

async function correct(name: string, output: string): Promise<void> {
  await change(
    name,
    `UPDATE resolution SET revision = revision + 1, verdict = 'CORRECTED', output = to_json('${output}'::text) WHERE item_id = $1`,
    'RESOLVED',
  );
}

async function set(name: string, status: 'RESOLVED' | 'WITHDRAWN'): Promise<void> {
  const at = status === 'RESOLVED' ? 'now()' : 'NULL';
  await change(name, `UPDATE item SET status = '${status}', resolved_at = ${at} WHERE id = $1`, status);
}

async function change(name: string, update: string, kind: string): Promise<void> {
  await service.sql(
    `WITH changed AS (${update})
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_' || $3, 'system', $1, '{}')`,
    [made.get(name)!.item, service.projectId, kind],
  );
  await settle(desk);
}

async function freeze(): Promise<void> {
  await service.do(desk.manager, `mutation { createSnapshot(input: { dataset: "cases" }) { isNew } }`);
}

const query = `query($from: Int!, $to: Int, $first: Int = 50, $after: Cursor, $change: CaseChange) {
  snapshotDiff(dataset: "cases", from: $from, to: $to) {
    from to added changed retracted
    cases(first: $first, after: $after, change: $change) {
      edges { node { caseId change fromRevision toRevision } } pageInfo { hasNextPage endCursor } } } }`;

async function diff(variables: object): Promise<any> {
  return (await service.do(desk.manager, query, variables)).snapshotDiff;
}

function expected(): object[] {
  const row = (name: string, change: string, fromRevision: number | null, toRevision: number | null) => {
    return { caseId: made.get(name)!.case, change, fromRevision, toRevision };
  };
  return [
    row('changes', 'CHANGED', 1, 3),
    row('goes', 'RETRACTED', 1, null),
    row('comes back', 'CHANGED', 1, 3),
    row('gone before', 'ADDED', null, 3),
    row('is new', 'ADDED', null, 1),
  ].sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
}

test('what was added, changed and retracted between two snapshots is counted and listed', async () => {
  const found = await diff({ from: 1, to: 2 });
  expect(found).toMatchObject({ from: 1, to: 2, added: 2, changed: 2, retracted: 1 });
  expect(found.cases.edges.map(({ node }: any) => node)).toEqual(expected());
  expect(await diff({ from: 2, to: 2 })).toMatchObject({ added: 0, changed: 0, retracted: 0 });
  expect(await diff({ from: 1 })).toMatchObject({ to: null, added: 2, changed: 2, retracted: 1 });
});

test('the list comes in pages and by kind of change', async () => {
  const one = await diff({ from: 1, to: 2, first: 2 });
  expect(one.cases.pageInfo.hasNextPage).toBe(true);
  const two = await diff({ from: 1, to: 2, after: one.cases.pageInfo.endCursor });
  expect([...one.cases.edges, ...two.cases.edges].map(({ node }: any) => node)).toEqual(expected());
  const retracted = await diff({ from: 1, to: 2, change: 'RETRACTED' });
  expect(retracted.cases.edges).toMatchObject([{ node: { caseId: made.get('goes')!.case } }]);
});

test.each([
  [{ from: 2, to: 1 }, 'INVALID_INPUT'],
  [{ from: 1, to: 9 }, 'NOT_FOUND'],
  [{ from: 1, to: 2, first: 501 }, 'INVALID_INPUT'],
])('%j is refused', async (variables, code) => {
  expect((await service.ask(desk.manager, query, variables)).errors?.[0]).toMatchObject({ extensions: { code } });
});

test('countersign diff prints the counts and, when asked, every case', async () => {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', await service.key([ApiKeyScope.EXPORT]));
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(['diff', 'cases', '1', '2', '--list'], { from: 'user' });
  const [heading, ...lines] = printed.trimEnd().split('\n');
  expect(heading).toBe('cases, snapshot 1 to snapshot 2: 2 added, 2 changed, 1 retracted');
  expect(lines).toHaveLength(5);
  expect(lines).toContain(`~ ${made.get('changes')!.case}  revision 1 → 3`);
  expect(lines).toContain(`- ${made.get('goes')!.case}  revision 1`);
  expect(lines).toContain(`+ ${made.get('is new')!.case}  revision 1`);
});
