import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claim, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
});
afterAll(() => service?.stop());

const TRENDS = `queueTrends(queue: $queue) { arrived resolved open resolutionMedianMs
  versions { version { name version } confirmed corrected days { confirmed corrected } } }`;
const QUERY = `query ($queue: String) { ${TRENDS} reviewerStats(queue: $queue) { member { id } reviews } }`;

test('nothing is there while there is no queue', async () => {
  expect(await service.do(manager.token, QUERY)).toMatchObject({
    queueTrends: { arrived: 0, resolved: 0, open: 0, resolutionMedianMs: null, versions: [] },
    reviewerStats: [],
  });
});

test('without a queue the figures of all queues add up, and who only looks on sees those of no person', async () => {
  const queues = [await makeQueue(service), await makeQueue(service)];
  const model = { name: 'gpt', version: '1' };
  const inputs = queues.flatMap(({ key }, i) =>
    Array.from({ length: 3 + i }, (_, n) => output(`${key}-${n}`, { queue: key, model })),
  );
  await service.do(await service.key(), FLAG_MANY, { inputs });
  const reviewer = await service.member();
  for (const { key: queue } of queues) {
    const { assignments } = await claim(service, reviewer, { queue, count: 3 });
    const [first, ...rest] = assignments;
    await submit(service, reviewer, first!, { verdict: 'CORRECTED', correctedOutput: 'b' });
    for (const held of rest) await submit(service, reviewer, held);
  }
  await service.app.get(Sequencer).runOnce();

  const all = await service.do(manager.token, QUERY);
  expect(all.queueTrends).toMatchObject({ arrived: 7, resolved: 6, open: 1, resolutionMedianMs: expect.any(Number) });
  expect(all.queueTrends.versions).toEqual([
    { version: model, confirmed: 4, corrected: 2, days: [{ confirmed: 4, corrected: 2 }] },
  ]);
  expect(all.reviewerStats).toEqual([{ member: { id: reviewer.id }, reviews: 6 }]);
  const viewer = await service.member({ role: Role.VIEWER });
  const { queueTrends } = await service.do(viewer.token, `query ($queue: String) { ${TRENDS} }`);
  expect(queueTrends).toEqual(all.queueTrends);
  expect((await service.ask(viewer.token, QUERY)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const one = await service.do(manager.token, QUERY, { queue: queues[0]!.key });
  expect(one).toMatchObject({ queueTrends: { arrived: 3, resolved: 3 }, reviewerStats: [{ reviews: 3 }] });

  const csv = await fetch(`${service.url}/insight/reviewers.csv`, {
    headers: { authorization: `Bearer ${manager.token}` },
  });
  const [, line] = (await csv.text()).split('\r\n');
  expect(line).toMatch(new RegExp(`^${reviewer.id},.*,6,`));
});
