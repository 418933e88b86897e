import net, { type AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { FLAG, FLAG_MANY, makeQueue, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let behindProxy: TestService;
let proxy: net.Server;
let key: string;
/** How many more answers to the flag statement are cut off on their way back. */
let cuts = 0;

/** What the flag statement returns and no other does: a hash and the decision. By then the server has committed. */
const FLAG_ANSWER = /[0-9a-f]{64}.{0,8}REVIEW/s;

beforeAll(async () => {
  service = await startService();
  const database = new URL(service.database.url);
  proxy = net.createServer((client) => {
    const server = net.connect(Number(database.port), database.hostname);
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (cuts > 0 && FLAG_ANSWER.test(chunk.toString('latin1'))) {
        cuts -= 1;
        client.destroy();
        server.destroy();
      } else client.write(chunk);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(database);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as AddressInfo).port);
  behindProxy = await startService({ on: service, config: { databaseUrl: url.href } });
  key = await service.key();
  await makeQueue(service);
});
afterAll(async () => {
  await behindProxy?.stop();
  proxy?.close();
  await service?.stop();
});

const stored = (id: string) =>
  service.sql(
    `SELECT f.item_id FROM flag f JOIN item i ON i.id = f.item_id JOIN evidence e ON e.item_id = i.id
       JOIN ticket t ON t.item_id = i.id WHERE f.external_id LIKE $1`,
    [id],
  );

test('a reply that is lost between commit and service is asked for again: stored once, and not called a duplicate', async () => {
  for (let round = 0; round < 20; round++) {
    cuts = 1;
    const { flagOutput } = await behindProxy.do(key, FLAG, { input: output(`lost-${round}`) });
    expect(cuts).toBe(0);
    expect(flagOutput.duplicate).toBe(false);
    expect(await stored(`lost-${round}`)).toEqual([{ item_id: flagOutput.item.id }]);
  }
});

test('the same for a batch: every row is stored once and added by this call', async () => {
  cuts = 1;
  const inputs = Array.from({ length: 100 }, (_, i) => output(`many-${i}`));
  const { flagOutputs } = await behindProxy.do(key, FLAG_MANY, { inputs });
  expect(flagOutputs.rows.filter((row: any) => row.error || row.payload.duplicate)).toEqual([]);
  expect(await stored('many-%')).toHaveLength(100);
});

test('a caller who got no answer asks again and learns that it was stored', async () => {
  cuts = 2;
  const first = await behindProxy.ask(key, FLAG, { input: output('twice') });
  expect(first.errors?.[0]?.extensions.code).toBe('INTERNAL');
  expect(await stored('twice')).toHaveLength(1);
  const second = await behindProxy.do(key, FLAG, { input: output('twice') });
  expect(second.flagOutput.duplicate).toBe(true);
  expect(await stored('twice')).toEqual([{ item_id: second.flagOutput.item.id }]);
});
