import { afterAll, beforeAll, expect, test } from 'vitest';

import { createDatabase, type TestDatabase } from './support/database.js';
import { logEvents, openStream, range, take } from './support/log.js';
import { startService, type TestService } from './support/service.js';
import { proxyTo, type TcpProxy } from './support/tcp-proxy.js';

let database: TestDatabase;
let proxy: TcpProxy;
let service: TestService;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await proxyTo(database.url);
  const [row] = await database.sql<{ id: number }>(`INSERT INTO project (key, name) VALUES ('p', 'P') RETURNING id`);
  const on = { database, projectId: row!.id } as TestService;
  service = await startService({ on, config: { databaseUrl: proxy.url } });
});
afterAll(async () => {
  // Silent connections first, or those who wait for an answer on one hold up the end.
  proxy.close();
  await service.stop();
  await database.drop();
});

test('while the database is away the log stands still, then goes on by itself and no stream misses anything', async () => {
  const stream = openStream(service, 0);
  await logEvents(service, 5);
  expect(await take(stream, 5)).toEqual(range(1, 5));
  proxy.down();
  await logEvents(service, 5);
  const waiting = take(stream, 5);
  expect(await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 1_500, 'nothing'))])).toBe(
    'nothing',
  );
  proxy.up();
  expect(await waiting).toEqual(range(6, 10));
  await stream.return();
});

test('connections that went silent are given up at their deadline', async () => {
  const stream = openStream(service, 10);
  await stream.opened;
  proxy.blackHole();
  await logEvents(service, 5);
  expect(await take(stream, 5)).toEqual(range(11, 15));
  await stream.return();
}, 60_000);
