import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { type Desk, flag, openDesk, review, saveDataset, settle } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
let round = 0;
let dataset: string;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
});
afterAll(() => service?.stop());
beforeEach(async () => {
  dataset = `cases-${(round += 1)}`;
});

/** A dataset of what is flagged and reviewed from now on. */
async function collect(outputs: object[], bar: object = {}): Promise<string[]> {
  const key = `queue-${round}`;
  await service.do(desk.manager, `mutation($i: SaveQueueInput!) { saveQueue(input: $i) { queue { id } } }`, {
    i: { key, name: key },
  });
  await saveDataset(service, desk.manager, { key: dataset, name: dataset, queues: [key], bar });
  const ids = await flag(desk, outputs, key);
  await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'Within 30 days.' }));
  await settle(desk);
  return ids;
}

async function find(filter: object, page: object = {}): Promise<{ inputs: unknown[]; pageInfo: any }> {
  const { evalCases } = await service.do(
    desk.manager,
    `query ($dataset: String!, $filter: EvalCaseFilter, $first: Int!, $after: Cursor) {
       evalCases(dataset: $dataset, filter: $filter, first: $first, after: $after) {
         edges { node { input } } pageInfo { hasNextPage endCursor } } }`,
    { dataset, filter, first: 50, ...page },
  );
  return { inputs: evalCases.edges.map(({ node }: any) => node.input), pageInfo: evalCases.pageInfo };
}

const edit = (input: object) =>
  service.do(desk.manager, `mutation ($i: EditCaseInput!) { editCase(input: $i) { evalCase { id revision } } }`, {
    i: { dataset, ...input },
  });

async function onlyCase(): Promise<string> {
  const { evalCases } = await service.do(
    desk.manager,
    `query ($d: String!) { evalCases(dataset: $d) { edges { node { id } } } }`,
    {
      d: dataset,
    },
  );
  return evalCases.edges[0].node.id;
}

test('cases are found by any text in them, by tag, verdict and split, page by page', async () => {
  await collect([
    { input: 'May I return the KETTLE?', tags: ['returns'] },
    { input: 'A "kettle" with\na line', tags: ['quotes'] },
    { input: { topic: 'toaster' }, tags: ['returns'] },
  ]);
  expect((await find({ text: 'kettle' })).inputs).toEqual(['May I return the KETTLE?', 'A "kettle" with\na line']);
  expect((await find({ text: '"kettle" with\na' })).inputs).toEqual(['A "kettle" with\na line']);
  expect((await find({ text: 'no such words' })).inputs).toEqual([]);
  expect((await find({ tag: 'returns' })).inputs.length).toBe(2);
  expect((await find({ tag: 'returns', text: 'toaster' })).inputs).toEqual([{ topic: 'toaster' }]);
  expect((await find({ verdict: 'REJECTED' })).inputs).toEqual([]);
  expect((await find({ split: 'test', verdict: 'CORRECTED' })).inputs.length).toBe(3);
  const first = await find({ tag: 'returns' }, { first: 1 });
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await find({ tag: 'returns' }, { first: 1, after: first.pageInfo.endCursor });
  expect(second.inputs).toEqual([{ topic: 'toaster' }]);
  expect(second.pageInfo.hasNextPage).toBe(false);
  const refused = await service.ask(
    desk.manager,
    `query ($d: String!) { evalCases(dataset: $d, snapshot: 1, filter: { tag: "a" }) { pageInfo { hasNextPage } } }`,
    { d: dataset },
  );
  expect(refused.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});

test('a case shows what it was, also after it was taken back', async () => {
  await collect([{ input: 'once' }]);
  const id = await onlyCase();
  await edit({ caseId: id, revision: 1, tags: ['edited'] });
  await service.sql(`UPDATE eval_case_revision SET next_position = position + 1 WHERE case_id = $1 AND revision = 2`, [
    id,
  ]);
  await service.sql(
    `INSERT INTO eval_case_revision (project_id, dataset_id, case_id, revision, position, content_hash, split)
     SELECT project_id, dataset_id, case_id, 3, position + 1, content_hash, split FROM eval_case_revision
      WHERE case_id = $1 AND revision = 2`,
    [id],
  );
  await service.sql(`UPDATE eval_case SET revision = 3, is_retracted = true WHERE id = $1`, [id]);
  const found = await service.do(
    desk.manager,
    `query ($d: String!, $id: ID!) {
       caseRevisions(dataset: $d, caseId: $id) { revision isRetracted createdAt }
       now: evalCase(dataset: $d, id: $id) { revision }
       then: evalCase(dataset: $d, id: $id, revision: 2) { revision tags }
       first: evalCase(dataset: $d, id: $id, revision: 1) { revision tags }
       none: evalCase(dataset: $d, id: "0198a8b2-0000-7000-8000-000000000001") { id }
       nonsense: evalCase(dataset: $d, id: "nonsense") { id } }`,
    { d: dataset, id },
  );
  expect(found.caseRevisions).toEqual([
    { revision: 3, isRetracted: true, createdAt: expect.any(String) },
    { revision: 2, isRetracted: false, createdAt: expect.any(String) },
    { revision: 1, isRetracted: false, createdAt: expect.any(String) },
  ]);
  expect(found).toMatchObject({
    now: null,
    then: { revision: 2, tags: ['edited'] },
    first: { revision: 1, tags: [] },
    none: null,
    nonsense: null,
  });
});

test('a diff of snapshots tells what each case was before and is now', async () => {
  await collect([{ input: 'once' }]);
  const snapshot = () =>
    service.do(desk.manager, `mutation ($d: String!) { createSnapshot(input: { dataset: $d }) { isNew } }`, {
      d: dataset,
    });
  await snapshot();
  await edit({ caseId: await onlyCase(), revision: 1, alternatives: ['30 days.'] });
  await flag(desk, [{ input: 'twice' }], `queue-${round}`);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const { snapshotDiff } = await service.do(
    desk.manager,
    `query ($d: String!) { snapshotDiff(dataset: $d, from: 1) { cases { edges { node {
       change before { input alternatives } after { input alternatives } } } } } }`,
    { d: dataset },
  );
  expect(snapshotDiff.cases.edges.map(({ node }: any) => node)).toEqual([
    {
      change: 'CHANGED',
      before: { input: 'once', alternatives: [] },
      after: { input: 'once', alternatives: ['30 days.'] },
    },
    { change: 'ADDED', before: null, after: { input: 'twice', alternatives: [] } },
  ]);
});

test('what waits is counted, let through and refused together, and stays so', async () => {
  const ids = await collect([{}, {}, {}, {}], { minReviewers: 2 });
  const counts = async () =>
    (
      await service.do(
        desk.manager,
        `query ($d: String!) { dataset(key: $d) { quarantineCount conflictCount caseCount } }`,
        { d: dataset },
      )
    ).dataset;
  expect(await counts()).toEqual({ quarantineCount: 4, conflictCount: 0, caseCount: 0 });
  const decide = async (token: string, choice: string, itemIds: string[]) =>
    service.ask(token, `mutation ($i: DecideQuarantineInput!) { decideQuarantine(input: $i) { decided } }`, {
      i: { dataset, itemIds, choice, reason: 'Looked at all of them.' },
    });
  const [one, two, three] = ids as [string, string, string];
  expect((await decide(desk.reviewer, 'ADMIT', [one])).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await decide(desk.manager, 'ADMIT', [one, two])).data).toEqual({ decideQuarantine: { decided: 2 } });
  // One of them does not wait any more.
  expect((await decide(desk.manager, 'REFUSE', [two, three])).data).toEqual({ decideQuarantine: { decided: 1 } });
  expect(await counts()).toEqual({ quarantineCount: 1, conflictCount: 0, caseCount: 2 });
  await saveDataset(service, desk.manager, { key: dataset, bar: { minReviewers: 0 } });
  await settle(desk);
  // A lower bar lets the last one in, and not what was refused.
  await expect.poll(counts).toEqual({ quarantineCount: 0, conflictCount: 0, caseCount: 3 });
  const events = await service.sql(
    `SELECT kind, count(*)::integer AS n FROM event WHERE kind IN ('CASE_ADMITTED', 'CASE_REFUSED') AND item_id = ANY ($1)
      GROUP BY kind ORDER BY kind`,
    [ids],
  );
  expect(events).toEqual([
    { kind: 'CASE_ADMITTED', n: 2 },
    { kind: 'CASE_REFUSED', n: 1 },
  ]);
});
