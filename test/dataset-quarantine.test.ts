import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Verdict } from '../src/item/verdict.js';
import { lacks, openBar, type Judged } from '../src/dataset/promote.bar.js';
import { download, flag, openDesk, review, saveDataset, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service, { bar: { minReviewers: 2 } });
});
afterAll(() => service?.stop());

async function quarantine(page = ''): Promise<any> {
  await settle(desk);
  const { quarantine: found } = await service.do(
    desk.manager,
    `{ quarantine(dataset: "cases"${page}) {
         edges { node { item { id } verdict expected reasons heldAt } } pageInfo { hasNextPage endCursor } } }`,
  );
  return found;
}

const admit = `mutation($input: AdmitCaseInput!) { admitCase(input: $input) { evalCase { revision provenance } } }`;

test.each<[string, Partial<Judged>, RegExp | null]>([
  ['all is there', {}, null],
  ['the verdict is not taken', { verdict: 'REJECTED' }, /^The verdict is REJECTED; this dataset takes CONFIRMED/],
  ['there is one reviewer', { reviewers: 1 }, /^Reviewed by 1; this dataset asks for 2\.$/],
  ['nothing was compared', { agreement: null }, /^No agreement was measured/],
  ['they agree too little', { agreement: 0.74 }, /^The agreement is 0\.74; this dataset asks for 0\.75\.$/],
  ['they just agree enough', { agreement: 0.75 }, null],
  ['an adjudicator decided', { agreement: 0, reviewers: 0, isAdjudicated: true }, null],
])('the bar when %s', (_, facts, reason) => {
  const bar = { ...openBar, verdicts: [Verdict.CONFIRMED], minAgreement: 0.75, minReviewers: 2 };
  const found = lacks(bar, { verdict: 'CONFIRMED', agreement: 1, reviewers: 2, isAdjudicated: false, ...facts });
  if (reason) expect(found).toEqual([expect.stringMatching(reason)]);
  else expect(found).toEqual([]);
  expect(lacks(openBar, { verdict: 'REJECTED', agreement: null, reviewers: 0, isAdjudicated: false })).toEqual([]);
});

test('what does not reach the bar waits with its reason, and a manager lets it through with a reason', async () => {
  const [first, second] = await flag(desk, [{ output: 'one' }, { output: 'two' }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  const found = await quarantine();
  expect(found.edges.map(({ node }: any) => node)).toEqual(
    [first, second].map((id, i) => ({
      item: { id },
      verdict: 'CONFIRMED',
      expected: ['one', 'two'][i],
      reasons: ['Reviewed by 1; this dataset asks for 2.'],
      heldAt: expect.any(String),
    })),
  );
  expect((await download(desk)).lines).toEqual([]);
  const one = await quarantine(', first: 1');
  expect(one.pageInfo.hasNextPage).toBe(true);
  const rest = await quarantine(`, first: 1, after: "${one.pageInfo.endCursor}"`);
  expect(rest.edges.map(({ node }: any) => node.item.id)).toEqual([second]);

  const input = { dataset: 'cases', itemId: first, reason: 'Ada looked at it too.' };
  expect((await service.ask(desk.reviewer, admit, { input })).errors?.[0]).toMatchObject({
    extensions: { code: 'FORBIDDEN' },
  });
  const { admitCase } = await service.do(desk.manager, admit, { input });
  expect(admitCase.evalCase).toMatchObject({
    revision: 1,
    provenance: { admitted: { by: expect.stringMatching(/^r_/), at: expect.any(String), reason: input.reason } },
  });
  expect((await service.ask(desk.manager, admit, { input })).errors?.[0]).toMatchObject({
    extensions: { code: 'NOT_FOUND' },
  });
  await settle(desk);
  const events = await service.sql(
    `SELECT kind, actor, data ->> 'reason' AS reason FROM event
     WHERE item_id = $1 AND kind IN ('CASE_HELD', 'CASE_ADMITTED', 'CASE_REVISED') ORDER BY seq`,
    [first],
  );
  expect(events).toEqual([
    { kind: 'CASE_HELD', actor: 'system', reason: null },
    { kind: 'CASE_ADMITTED', actor: expect.stringMatching(/^member:/), reason: input.reason },
    { kind: 'CASE_REVISED', actor: 'system', reason: null },
  ]);
});

test('a lower bar lets in what waits, page by page; a higher one leaves cases where they are', async () => {
  await flag(
    desk,
    Array.from({ length: 205 }, (_, i) => ({ output: `${i}` })),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const before = (await download(desk)).lines.length;
  await saveDataset(service, desk.manager, { key: 'cases', bar: { minReviewers: 1, verdicts: ['CONFIRMED'] } });
  expect((await quarantine()).edges).toEqual([]);
  expect((await download(desk)).lines.length).toBeGreaterThanOrEqual(before + 205);
  const [steps] = await service.sql(`SELECT count(*)::int AS n FROM event WHERE kind = 'DATASET_JUDGING'`);
  expect(steps!.n).toBe(1);
  const cases = (await download(desk)).lines.length;
  await saveDataset(service, desk.manager, { key: 'cases', bar: { minAgreement: 0.9 } });
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, item_id, data)
     SELECT project_id, 'ITEM_RESOLVED', 'system', item_id, '{}' FROM resolution`,
  );
  await settle(desk);
  expect((await download(desk)).lines.length).toBe(cases);
  const { dataset } = await service.do(
    desk.manager,
    `{ dataset(key: "cases") { bar { verdicts minAgreement minReviewers adjudicatedPasses } } }`,
  );
  expect(dataset.bar).toEqual({ verdicts: ['CONFIRMED'], minAgreement: 0.9, minReviewers: 1, adjudicatedPasses: true });
});

test('a case whose item is resolved otherwise, below the bar, is taken back and waits', async () => {
  await saveDataset(service, desk.manager, { key: 'cases', bar: { minAgreement: 0, verdicts: ['CONFIRMED'] } });
  const [id] = await flag(desk, [{ output: 'good' }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const since = (await download(desk)).headers.get('countersign-at');
  await service.sql(
    `WITH r AS (UPDATE resolution SET revision = revision + 1, verdict = 'CORRECTED', output = '"better"' WHERE item_id = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_RESOLVED', 'system', $1, '{}')`,
    [id, service.projectId],
  );
  const { edges } = await quarantine();
  expect(edges.map(({ node }: any) => [node.item.id, node.expected])).toEqual([[id, 'better']]);
  expect((await download(desk, `?since=${since}`)).lines).toMatchObject([
    { schema: 'countersign.retraction/1', revision: 2 },
  ]);
});

test('a bar that cannot be is refused with the place of the fault', async () => {
  const answer = await service.ask(
    desk.manager,
    `mutation { saveDataset(input: { key: "cases", bar: { minAgreement: 1.5, verdicts: [] } }) { dataset { id } } }`,
  );
  expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
  const faults = (answer.errors as any)[0].extensions.faults.map(({ path }: any) => [path].flat().join('.'));
  expect(faults).toEqual(expect.arrayContaining(['input.bar.minAgreement', 'input.bar.verdicts']));
});
