import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { LogReader } from '../src/log/reader.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claimOne, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service.stop());

const CHANGES = `subscription ($queue: String!, $after: Cursor) {
  queueChanged(queue: $queue, after: $after) { cursor queue { key stats { open leased resolved } } } }`;

async function take(token: string, count: number, variables: object): Promise<any[]> {
  const client = createClient({
    url: `${service.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const taken: any[] = [];
  try {
    for await (const { data, errors } of client.iterate<any>({ query: CHANGES, variables: { ...variables } })) {
      if (errors) throw new Error(JSON.stringify(errors));
      taken.push(data.queueChanged);
      if (taken.length === count) break;
    }
  } finally {
    await client.dispose();
  }
  return taken;
}

test('a queue tells every change, with its figures after it, and goes on from any cursor', async () => {
  const [queue, other] = [await makeQueue(service), await makeQueue(service)];
  const key = await service.key();
  const reviewer = await service.member();
  const first = take(reviewer.token, 4, { queue: queue.key });
  // The stream starts at the present, so it has to be there before the first change.
  await expect.poll(() => service.app.get(LogReader)['streams'].size).toBe(1);
  const inputs = [queue, other, queue].map((into, n) => output(`x-${n}`, { queue: into.key }));
  await service.do(key, FLAG_MANY, { inputs });
  const held = await claimOne(service, reviewer, queue);
  await submit(service, reviewer, held);

  const changes = await first;
  expect(changes.map((change) => change.queue.key)).toEqual(Array(4).fill(queue.key));
  const rest = await take(reviewer.token, 3, { queue: queue.key, after: changes[1].cursor });
  expect(rest.slice(0, 2).map((change) => change.cursor)).toEqual([changes[2].cursor, changes[3].cursor]);
  expect(rest[2].queue.stats).toEqual({ open: 1, leased: 0, resolved: 1 });
});

test('a queue that is not there, and a cursor that is none, are refused', async () => {
  const reviewer = await service.member();
  await expect(take(reviewer.token, 1, { queue: 'none' })).rejects.toThrow('NOT_FOUND');
  const queue = await makeQueue(service);
  await expect(take(reviewer.token, 1, { queue: queue.key, after: 'abc' })).rejects.toThrow('INVALID_INPUT');
});
