import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { encodeCursor } from '../src/log/cursor.js';
import { FLAG, makeQueue, output } from './support/intake.js';
import { claim, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
let key: string;
let reader: string;
let reviewer: TestMember;

const RESOLVED = `subscription ($queue: String, $source: String, $after: Cursor) {
  itemResolved(queue: $queue, source: $source, after: $after) {
    cursor item { externalId status output queue { key } } } }`;

interface Event {
  itemResolved: { cursor: string; item: { externalId: string; status: string; output: unknown } };
}

beforeAll(async () => {
  service = await startService();
  key = await service.key([ApiKeyScope.FLAG]);
  reader = await service.key([ApiKeyScope.READ]);
  reviewer = await service.member();
  await makeQueue(service);
  await makeQueue(service, { key: 'other' });
});
afterAll(() => service?.stop());

async function resolve(externalId: string, more: object = {}): Promise<void> {
  await service.do(key, FLAG, { input: output(externalId, more) });
  const { assignments } = await claim(service, reviewer);
  await submit(service, reviewer, assignments[0]!);
}

const idsOf = (events: Event[]) => events.map(({ itemResolved }) => itemResolved.item.externalId);

test('final answers arrive as they are given, replay from any of them, and are filtered by queue and source', async () => {
  const live = watch<Event>(service, reader, RESOLVED, { after: encodeCursor(service.projectId, 0) });
  await resolve('one');
  const [event] = await live.take(1);
  expect(event!.itemResolved.item).toEqual({
    externalId: 'one',
    status: 'RESOLVED',
    output: { answer: 'On its way.' },
    queue: { key: 'answers' },
  });
  await resolve('two', { queue: 'other' });
  await resolve('three', { source: 'batch' });
  await resolve('four');
  expect(idsOf(await live.take(3))).toEqual(['two', 'three', 'four']);
  await live.close();

  const after = event!.itemResolved.cursor;
  const cases: [object, string[]][] = [
    [{}, ['two', 'three', 'four']],
    [{ queue: 'answers' }, ['three', 'four']],
    [{ queue: 'answers', source: 'batch' }, ['three']],
    [{ source: 'support-bot' }, ['two', 'four']],
  ];
  for (const [filter, expected] of cases) {
    const replay = watch<Event>(service, reader, RESOLVED, { ...filter, after });
    expect(idsOf(await replay.take(expected.length))).toEqual(expected);
    await replay.close();
  }
});

test('an unknown queue, a cursor that is none and a key that may not read are refused', async () => {
  const refused = async (token: string, variables: object) =>
    watch<Event>(service, token, RESOLVED, variables)
      .take(1)
      .catch((error: unknown) => JSON.stringify(error) + String(error));
  expect(await refused(reader, { queue: 'nowhere' })).toContain('NOT_FOUND');
  expect(await refused(reader, { after: 'bm90LWEtY3Vyc29y' })).toContain('INVALID_INPUT');
  expect(await refused(key, {})).toContain('FORBIDDEN');
});
