import { once } from 'node:events';

import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { GatewayService } from '../src/graphql/gateway.service.js';
import { decodeCursor } from '../src/log/cursor.js';
import { emit, openStreams, SubjectsModule } from './support/graphql-subjects.js';
import { hostileDocuments } from './support/hostile-documents.js';
import { startService, type TestService } from './support/service.js';
import { connectRaw, RawClient, upgradeRequest } from './support/socket.js';

let service: TestService;
let gateway: GatewayService;
let token: string;
beforeAll(async () => {
  service = await startService({ modules: [SubjectsModule], config: { introspection: false, logLevel: 'silent' } });
  gateway = service.app.get(GatewayService);
  token = await service.key();
});
afterEach(async () => {
  RawClient.leave();
  await expect.poll(() => gateway.size).toBe(0);
});
afterAll(() => service?.stop());

const signedIn = () => RawClient.signedIn(service, token);
const tick = (seq: number, name = 'ticks') => emit(name, { projectId: service.projectId, seq });
const streams = (count: number, name = 'ticks') =>
  expect.poll(() => openStreams(name).length, { timeout: 10_000 }).toBe(count);

async function isServing(): Promise<void> {
  expect((await service.ask(null, '{ thing { number } }')).data).toEqual({ thing: { number: 1 } });
  const client = await signedIn();
  client.socket.terminate();
}

async function refusal(document: string, variables?: object) {
  const client = await signedIn();
  client.subscribe(document, { variables });
  const { payload } = await client.message('error');
  client.socket.close();
  return payload as { message: string; extensions: { code: string } }[];
}

test.each(hostileDocuments('subscription', 'ticks'))('%s is refused', async (_, document, message) => {
  const errors = await refusal(document);
  expect(errors[0]?.message).toMatch(message);
  expect(errors.every(({ extensions }) => extensions.code === 'INVALID_INPUT')).toBe(true);
});

test('only subscriptions are served', async () => {
  for (const document of [
    '{ thing { number } }',
    'mutation { echo(input: { value: 1 }) }',
    '{ __schema { types { name } } }',
  ]) {
    expect((await refusal(document))[0]).toMatchObject({
      message: expect.stringContaining('Only subscriptions'),
      extensions: { code: 'INVALID_INPUT' },
    });
  }
  const [introspection] = await refusal('subscription { __schema { types { name } } }');
  expect(introspection?.extensions.code).toBe('INVALID_INPUT');
  expect((await refusal('subscription { tick { number } }'))[0]?.message).not.toMatch(/Did you mean/);
  expect((await refusal('subscription ($x: String) { ticks(from: $x) { number } }', { x: '\0' }))[0]).toMatchObject({
    extensions: { code: 'INVALID_JSON', path: 'variables.x' },
  });
  await isServing();
});

test('an operation that cannot be opened ends alone: the others on its socket go on', async () => {
  const client = await signedIn();
  client.subscribe('subscription { ticks { number } }', { id: 'well' });
  await streams(1);
  const nothing: [string, object?][] = [
    ['subscription { ticks @skip(if: true) { number } }'],
    ['subscription ($v: Boolean!) { ticks @include(if: $v) { number } }', { v: false }],
    ['subscription ($v: Boolean!) { ... @skip(if: $v) { ticks { number } } }', { v: true }],
    ['subscription { ...A } fragment A on Subscription { ticks @include(if: false) { number } }'],
  ];
  for (const [index, [document, variables]] of nothing.entries()) {
    client.subscribe(document, { id: `nothing ${index}`, variables });
    const [error] = (await client.message('error', `nothing ${index}`)).payload;
    expect(error.extensions).toEqual({ code: 'INVALID_INPUT' });
    expect(error.message).toContain('selects no field');
  }
  client.subscribe('subscription { noSource }', { id: 'fault' });
  const { errors } = (await client.message('next', 'fault')).payload;
  expect(errors[0].extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) });
  tick(1);
  await client.message('next', 'well');
  expect(client.closed).toBeNull();
});

test('no text of ours leaves, wherever it is thrown', async () => {
  const client = await signedIn();
  for (const [id, field] of Object.entries({
    a: 'faultyStart',
    b: 'faultySource',
    c: 'faultyEvents',
    d: 'ticks { faulty }',
  })) {
    client.subscribe(`subscription { ${field} }`, { id });
  }
  await streams(2);
  tick(1);
  const said = [
    (await client.message('next', 'a')).payload.errors,
    (await client.message('error', 'b')).payload,
    (await client.message('next', 'c')).payload.errors,
    (await client.message('next', 'd')).payload.errors,
  ];
  expect(JSON.stringify(client.messages)).not.toMatch(/hunter2|password|node_modules|\.ts/);
  for (const errors of said) {
    expect(errors[0].extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) });
  }
  client.socket.terminate();
  await streams(0);
});

test('without a credential, or with a wrong one, nothing opens', async () => {
  for (const payload of [undefined, {}, { authorization: 'Bearer csk_1_nonsense' }, { authorization: 7 }, { token }]) {
    const client = await RawClient.open(service);
    client.send({ type: 'connection_init', payload });
    expect((await client.close()).code).toBe(4403);
  }
  const early = await RawClient.open(service);
  early.subscribe('subscription { ticks { number } }');
  expect((await early.close()).code).toBe(4401);
  const garbage = await RawClient.open(service);
  garbage.send('not json');
  expect((await garbage.close()).code).toBe(4400);
  const mute = await RawClient.open(service);
  expect((await mute.close()).code).toBe(4408);
  await isServing();
});

test('a viewer whose role may not subscribe is told FORBIDDEN', async () => {
  const { token: reviewer } = await service.member({ role: Role.REVIEWER });
  const client = await RawClient.signedIn(service, reviewer);
  client.subscribe('subscription { adminTicks { number } }');
  const [error] = (await client.message('next')).payload.errors;
  expect(error.extensions.code).toBe('FORBIDDEN');
  client.socket.close();
});

test('pages of other origins, other paths and other protocols are answered and cut off', async () => {
  const answer = async (path: string, headers: Record<string, string> = {}) => {
    const socket = await connectRaw(service);
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    socket.write(upgradeRequest(path, headers));
    await once(socket, 'close');
    return text.split('\r\n')[0];
  };
  expect(await answer('/elsewhere')).toBe('HTTP/1.1 404 Not Found');
  expect(await answer('/graphql', { Origin: 'https://evil.example' })).toBe('HTTP/1.1 403 Forbidden');
  expect(await answer('/graphql', { Origin: 'null' })).toBe('HTTP/1.1 403 Forbidden');
  expect(await answer('/graphql', { Upgrade: 'h2c' })).toBe('HTTP/1.1 400 Bad Request');
  expect(await answer('/graphql', { 'Sec-WebSocket-Version': '1' })).toMatch(/^HTTP\/1.1 4/);
  const client = await RawClient.open(service, { origin: service.url });
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  client.socket.terminate();
});

test('an upgrade that is reset at once harms nobody', async () => {
  for (const path of ['/graphql', '/elsewhere']) {
    for (let round = 0; round < 20; round++) {
      const socket = await connectRaw(service);
      socket.write(upgradeRequest(path));
      socket.resetAndDestroy();
    }
  }
  await isServing();
});

test('messages of 60 MB, and of many small pieces, are cut off', async () => {
  const large = await signedIn();
  large.send('x'.repeat(60_000_000));
  expect([1006, 1009]).toContain((await large.close()).code);
  const pieces = await signedIn();
  for (let i = 0; i < 40; i++) pieces.socket.send('x', { fin: false });
  expect((await pieces.close()).code).toBe(1008);
  await isServing();
});

test('5,000 operations on one socket are not taken', async () => {
  const client = await signedIn();
  for (let id = 0; id < 5_000; id++) client.subscribe('subscription { ticks { number } }', { id: String(id) });
  expect(await client.close()).toEqual({ code: 4429, reason: 'Too many messages' });
  await streams(0);
  const slower = await signedIn();
  for (let id = 0; id < 21; id++) slower.subscribe('subscription { ticks { number } }', { id: String(id) });
  expect((await slower.message('error')).payload[0].extensions.code).toBe('RATE_LIMITED');
  await streams(20);
  await isServing();
});

test('subscribers who ask the same share one execution, each gets every event, others get their own', async () => {
  const { token: member } = await service.member({ role: Role.ADMIN });
  const clients = await Promise.all([signedIn(), signedIn(), signedIn(), RawClient.signedIn(service, member)]);
  const document = 'subscription ($after: Cursor) { ticks(after: $after) { number next { number } } }';
  clients.forEach((client, i) => client.subscribe(document, { variables: i === 0 ? {} : { after: `cursor${i}` } }));
  clients[1]!.subscribe('subscription { ticks { n: number } }', { id: 'other' });
  await streams(5);
  for (let seq = 1; seq <= 50; seq++) tick(seq);
  for (const client of clients) {
    await expect.poll(() => client.messages.filter(({ id }) => id === '1').length).toBe(50);
    expect(client.messages.filter(({ id }) => id === '1').map(({ payload }) => payload.data.ticks)).toEqual(
      Array.from({ length: 50 }, (_, i) => ({ number: i + 1, next: { number: i + 2 } })),
    );
  }
  expect((await clients[1]!.message('next', 'other')).payload).toEqual({ data: { ticks: { n: 1 } } });
  clients[0]!.send({ type: 'complete', id: '1' });
  await streams(4);
  clients.forEach((client) => client.socket.terminate());
  await streams(0);
});

test('a client that does not read costs no memory and is closed with where to resume', async () => {
  const client = await signedIn();
  client.subscribe('subscription { floods }');
  await streams(1, 'floods');
  client.socket.pause();
  const [source] = openStreams('floods');
  const before = process.memoryUsage().rss;
  for (let seq = 1; seq <= 2_000; seq++) {
    emit('floods', { projectId: service.projectId, seq, data: seq });
  }
  const payload = 'x'.repeat(500_000);
  for (let seq = 2_001; seq <= 3_000; seq++) emit('floods', { projectId: service.projectId, seq, data: payload });
  await expect.poll(() => gateway.size, { timeout: 30_000, interval: 500 }).toBe(0);
  expect(source!.pulled).toBeLessThan(2_200);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  client.socket.resume();
  const { code, reason } = await client.close();
  // The close frame waits behind what was not read; it is seen by who starts to read again in time.
  if (code === 4290) expect(decodeCursor(service.projectId, reason.split(' ').at(-1)!)).toBeGreaterThan(0);
  else expect(code).toBe(1006);
  await isServing();
}, 60_000);

test('a client that no longer answers pings is cut off', async () => {
  const socket = await connectRaw(service);
  socket.write(upgradeRequest('/graphql'));
  await once(socket, 'data');
  const alive = await signedIn();
  await expect.poll(() => gateway.size).toBe(2);
  gateway.beat();
  await once(alive.socket, 'ping');
  await expect.poll(() => alive.socket.readyState).toBe(WebSocket.OPEN);
  alive.send({ type: 'ping' });
  await alive.message('pong');
  gateway.beat();
  await once(socket, 'close');
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  alive.socket.terminate();
});

test('a socket ends when its credential is revoked', async () => {
  const key = await service.key([ApiKeyScope.READ]);
  const client = await RawClient.signedIn(service, key);
  client.subscribe('subscription { ticks { number } }');
  await streams(1);
  await service.sql(`UPDATE access_key SET revoked_at = now() WHERE id = $1`, [key.split('_')[2]]);
  const { code } = await client.close();
  expect(code).toBe(4403);
  await streams(0);
}, 10_000);

test('a socket does not outlive its credential', async () => {
  const key = await service.key([ApiKeyScope.READ]);
  await service.sql(`UPDATE access_key SET expires_at = now() + interval '1 second' WHERE id = $1`, [
    key.split('_')[2],
  ]);
  const client = await RawClient.signedIn(service, key);
  expect((await client.close()).code).toBe(4403);
}, 10_000);

test('stopping closes with 1001, and never says that a stream is complete', async () => {
  const other = await startService({ modules: [SubjectsModule], on: service });
  const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.signedIn(other, token)));
  for (const client of clients) client.subscribe('subscription { itemResolved { cursor } }');
  const retried = new Promise<number>((resolve) => {
    const client = createClient({
      url: other.url.replace('http', 'ws') + '/graphql',
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      on: { closed: (event) => resolve((event as { code: number }).code) },
    });
    void client;
  });
  await expect.poll(() => other.app.get(GatewayService).size).toBe(6);
  await other.stop();
  for (const client of clients) {
    expect((await client.close()).code).toBe(1001);
    expect(client.messages.some(({ type }) => type === 'complete')).toBe(false);
  }
  expect(await retried).toBe(1001);
});
