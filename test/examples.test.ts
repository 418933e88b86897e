import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { ApiKeyScope } from '../src/access/viewer.js';
import type { Seen } from '../src/project/condition.js';
import { labelFaults } from '../src/project/labels.js';
import { checkPolicy, compilePolicy, decide } from '../src/project/policy.js';
import { checkQueues } from '../src/project/queue.draft.js';
import { startService, type TestService } from './support/service.js';

const applications = ['support', 'invoices', 'sql'];

interface Document {
  queues: { key: string }[];
  policy: { name: string }[];
  datasets: { key: string }[];
}

const read = (path: string) => readFileSync(`examples/${path}`, 'utf8');
const setupOf = (path: string) => parse(read(path)) as Document;
const lines = <T>(path: string) =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const APPLY = `mutation($input: ApplySetupInput!) { applySetup(input: $input) { applied changes { what } } }`;

let service: TestService;
let key: string;
beforeAll(async () => {
  service = await startService();
  key = await service.key([ApiKeyScope.MANAGE]);
});
afterAll(() => service?.stop());

test.each([...applications.map((name) => `${name}/countersign.yaml`), 'countersign.yaml'])(
  'examples/%s can be applied, and changes nothing the second time',
  async (path) => {
    const input = { document: setupOf(path) };
    expect((await service.do(key, APPLY, { input })).applySetup.applied).toBe(true);
    expect((await service.do(key, APPLY, { input })).applySetup.applied).toBe(false);
  },
);

test('examples/countersign.yaml is the three applications together', () => {
  const all = setupOf('countersign.yaml');
  const each = applications.map((name) => setupOf(`${name}/countersign.yaml`));
  expect(all.queues).toEqual(each.flatMap((one) => one.queues));
  expect(all.datasets).toEqual(each.flatMap((one) => one.datasets));
  expect(all.policy).toEqual([...each.flatMap((one) => one.policy.slice(0, -1)), { name: 'rest', decision: 'PASS' }]);
});

describe.each(applications)('the outputs in examples/%s', (name) => {
  const setup = setupOf(`${name}/countersign.yaml`);
  const policy = compilePolicy(1, checkPolicy(setup.policy, [], []));
  const queues = checkQueues(setup.queues, [], []);
  const outputs = lines<Seen & { externalId: string }>(`${name}/outputs.jsonl`);
  const answers = lines<{ externalId: string; failure: string }>(`${name}/answers.jsonl`);
  const decided = new Map(outputs.map((seen) => [seen.externalId, decide(policy, seen, seen.externalId)]));

  test('some are reviewed and some pass, and no condition breaks', () => {
    const all = [...decided.values()];
    expect(new Set(all.map(({ decision }) => decision))).toEqual(new Set(['REVIEW', 'PASS']));
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
  });

  test('most that a careful reviewer would correct are reviewed', () => {
    const wrong = answers.filter(({ failure }) => failure !== 'none');
    const caught = wrong.filter(({ externalId }) => decided.get(externalId)?.decision === 'REVIEW');
    expect(caught.length / wrong.length).toBeGreaterThanOrEqual(0.75);
  });

  test('what the reviewer says of each answers the rubric of its queue', () => {
    for (const { externalId, failure } of answers) {
      const rubric = queues.find((queue) => queue.key === (decided.get(externalId)?.queue ?? name))?.rubric ?? [];
      expect(labelFaults(rubric, { labels: { failure }, verdict: null })).toEqual([]);
    }
  });
});
