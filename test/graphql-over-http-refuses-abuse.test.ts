import http from 'node:http';
import net from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { createApp } from '../src/app.js';
import { createLogger } from '../src/logging.js';
import { hostileDocuments } from './support/hostile-documents.js';
import { SECRET, SubjectsModule } from './support/graphql-subjects.js';
import { type GraphqlError, startService, testConfig, type TestService } from './support/service.js';

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await startService({ modules: [SubjectsModule], config: { introspection: false, logLevel: 'silent' } });
  token = await service.key();
});
afterAll(() => service?.stop());

const isServing = async () =>
  expect((await service.ask(null, '{ thing { number } }')).data).toEqual({ thing: { number: 1 } });

interface Raw {
  status: number;
  headers: Headers;
  text: string;
  errors?: GraphqlError[];
}

async function post(body: string | Uint8Array, headers: Record<string, string> = {}, path = '/graphql'): Promise<Raw> {
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...(JSON.parse(text) as object) };
}

async function refused(query: string, message: RegExp): Promise<void> {
  const { status, errors } = await service.ask(token, query);
  expect(errors?.[0]?.message).toMatch(message);
  expect(errors?.every(({ extensions }) => extensions.code === 'INVALID_INPUT')).toBe(true);
  expect(status).toBe(400);
}

test.each(hostileDocuments('query', 'thing'))('%s is refused', async (_, document, message) => {
  await refused(document, message);
  await isServing();
});

test('subscriptions are sent to the WebSocket, and are no fault of the service', async () => {
  const lines: string[] = [];
  const logger = createLogger({ logLevel: 'trace' }, { write: (line: string) => void lines.push(line) });
  const app = await createApp(testConfig(service.database.url), { logger, modules: [SubjectsModule] });
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/graphql`;
  const send = async (body: object, headers: Record<string, string> = {}) => {
    const sent = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers };
    const response = await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  for (const [body, headers] of [
    [{ query: 'subscription { ticks { number } }' }],
    [{ query: 'subscription { ticks { number } }' }, { authorization: '' }],
    [{ query: 'subscription { ticks { number } }' }, { accept: 'text/event-stream, application/json' }],
    [{ query: 'subscription { ticks { number } }' }, { accept: 'multipart/mixed; subscriptionSpec=1.0, */*' }],
    [
      {
        query: '{ thing { number } } subscription S { ticks { number } }'.replace('{', 'query Q {'),
        operationName: 'S',
      },
    ],
  ] as [object, Record<string, string>?][]) {
    const { status, text } = await send(body, headers);
    expect([status, text]).toEqual([400, expect.stringContaining('Subscriptions go over the WebSocket at /graphql')]);
    expect(text).toContain('"INVALID_INPUT"');
  }
  const conditional = 'subscription ($v: Boolean!) { ticks @include(if: $v) { number } }';
  const { status, text } = await send({ query: conditional, variables: { v: true } });
  expect([status, text]).toEqual([400, expect.stringContaining('@skip and @include are not allowed')]);
  await app.close();
  expect(lines.filter((line) => /"context":"Fault"|"level":"(error|fatal)"/.test(line))).toEqual([]);
});

test('introspection is closed, by any way in', async () => {
  for (const query of [
    '{ __schema { types { name } } }',
    '{ __type(name: "Query") { name } }',
    '{ ...F } fragment F on Query { s: __schema { types { name } } }',
    'query { ... on Query { __schema { queryType { fields { type { fields { type { fields { name } } } } } } } } }',
  ]) {
    await refused(query, /introspection/i);
  }
});

test('suggestions do not print the schema', async () => {
  for (const [query, variables] of [
    ['{ thin { number } }', {}],
    ['mutation ($input: EchoInput!) { echo(input: $input) }', { input: { valu: 1 } }],
    ['query ($status: [ItemStatus!]) { items(filter: { status: $status }) { edges { cursor } } }', { status: ['OPN'] }],
  ] as const) {
    const { text } = await post(JSON.stringify({ query, variables }), { authorization: `Bearer ${token}` });
    expect(text).toContain('INVALID_INPUT');
    expect(text).not.toMatch(/Did you mean/);
  }
});

test('too many fields at the root are refused', async () => {
  await refused(
    `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: thing { number }`).join(' ')} }`,
    /fields at the root/,
  );
  await refused(
    `mutation { ${Array.from({ length: 6 }, (_, i) => `a${i}: echo(input: { value: 1 })`).join(' ')} }`,
    /fields at the root/,
  );
});

test('what an operation would cost is known from its variables', async () => {
  const query = 'query ($n: Int!) { things(first: $n) { all(first: $n) { number next { number } } } }';
  expect((await service.ask(token, query, { n: 10 })).errors).toBeUndefined();
  const { status, errors } = await service.ask(token, query, { n: 1_000 });
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', maxCost: 30_000 } });
  expect(status).toBe(400);
});

test('only POST with JSON in UTF-8 is an operation', async () => {
  const query = JSON.stringify({ query: '{ thing { number } }' });
  const get = await fetch(`${service.url}/graphql?query={thing{number}}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect([get.status, get.headers.get('allow'), (await get.text()).includes('INVALID_INPUT')]).toEqual([
    405,
    'POST',
    true,
  ]);
  for (const path of ['/graphql/', '/graphql/x', '/GraphQL', '/graphql//', '/graphql;x', '/%67raphql', '//graphql']) {
    const address = `${service.url}${path}?query={thing{number}}`;
    const response = await fetch(address, { headers: { 'apollo-require-preflight': '1' } });
    expect([path, response.status >= 404 && response.status <= 405]).toEqual([path, true]);
  }
  expect((await post(query, { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post(query, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  expect((await post(query, { 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(415);
  expect((await post(query, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  for (const charset of [
    'utf-7',
    'utf-16le',
    'shift_jis',
    'iso-8859-1',
    'utf-8; charset=utf-7',
    '"utf-8\\"; charset=utf-7',
  ]) {
    expect((await post(query, { 'content-type': `application/json; charset=${charset}` })).status).toBe(415);
  }
  await isServing();
});

test('a body that is not what it says it is, is answered in JSON with our codes', async () => {
  const cases: [string | Uint8Array, Record<string, string>, number, string][] = [
    ['{"query": ', {}, 400, 'INVALID_INPUT'],
    ['"query"', {}, 400, 'INVALID_INPUT'],
    ['null', {}, 400, 'INVALID_INPUT'],
    ['[{"query":"{ thing { number } }"}]', {}, 400, 'INVALID_INPUT'],
    [new Uint8Array([0x22, 0xff, 0xfe, 0x22]), {}, 400, 'INVALID_INPUT'],
    [gzipSync('{"query":"{ thing { number } }"}'), { 'content-encoding': 'gzip' }, 415, 'INVALID_INPUT'],
    [JSON.stringify({ query: 'x'.repeat(70_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
    [JSON.stringify({ query: '{ thing { number } }', pad: 'x'.repeat(300_000) }), {}, 413, 'PAYLOAD_TOO_LARGE'],
  ];
  for (const [body, headers, status, code] of cases) {
    const answer = await post(body, headers);
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([status, code]);
  }
  await isServing();
});

test('who holds a key may send more than who does not, and nobody without end', async () => {
  const body = JSON.stringify({ query: '{ thing { number } }', pad: 'x'.repeat(1_000_000) });
  expect((await post(body)).status).toBe(413);
  expect((await post(body, { authorization: 'Bearer csk_1_nonsense' })).status).toBe(413);
  expect((await post(body, { authorization: `Bearer ${token}` })).status).toBe(200);
  expect(await stream(60_000_000, { authorization: `Bearer ${token}` })).toBe(413);
  expect(await stream(60_000_000, {})).toBe(413);
  await isServing();
});

/** Sends in pieces without announcing a length; returns the status. */
function stream(bytes: number, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('error', reject);
    const piece = Buffer.alloc(65_536, 0x20);
    let sent = 0;
    const write = () => {
      while (sent < bytes && !request.destroyed) {
        sent += piece.length;
        if (!request.write(piece)) return void request.once('drain', write);
      }
      request.end();
    };
    write();
  });
}

test('other routes answer errors in JSON with the same codes', async () => {
  const get = async (path: string) => {
    const response = await fetch(service.url + path);
    return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
  };
  expect(await get('/no/such/thing')).toEqual([404, 'NOT_FOUND']);
  expect(await get('/subject/fault')).toEqual([500, 'INTERNAL']);
  const body = await post('{"a":1,"a":2}', {}, '/subject/body');
  expect([body.status, body.text]).toEqual([400, expect.stringContaining('INVALID_JSON')]);
});

test('no text of ours leaves, wherever it is thrown', async () => {
  for (const query of [
    '{ thing { faulty } }',
    '{ graphqlFault }',
    '{ stringFault }',
    '{ trap }',
    '{ trap(value: "x") }',
    'query ($x: Trap) { trap(value: $x) }',
    '{ notAnInt }',
    '{ nothing }',
  ]) {
    const { text, errors, headers } = await post(JSON.stringify({ query, variables: { x: 'x' } }));
    expect(text).not.toMatch(/hunter2|password|node_modules|\.ts/);
    expect([query, errors?.[0]?.extensions.code]).toEqual([query, 'INTERNAL']);
    expect(errors?.[0]?.extensions.requestId).toMatch(/^[\w-]{8,}$/);
    expect(headers.get('x-powered-by')).toBeNull();
  }
  const text = await (await fetch(`${service.url}/subject/fault`)).text();
  expect(text).not.toContain(SECRET);
});

test('a wrong input is refused with every path that is wrong', async () => {
  const query = 'mutation ($input: EchoInput!) { echo(input: $input) }';
  const { status, errors } = await service.ask(token, query, {
    input: { value: 1, inner: [{ word: 'ok' }, { word: 'long' }] },
  });
  expect(status).toBe(200);
  expect(errors?.[0]).toMatchObject({
    path: ['echo'],
    extensions: {
      code: 'INVALID_INPUT',
      violations: [{ path: 'input.inner[1].word', messages: ['at most 3 characters'] }],
    },
  });
  expect(errors?.[0]?.message).toBe('input.inner[1].word: at most 3 characters');
  const syntax = await service.ask(token, '{ thing {');
  expect(syntax.errors?.[0]).toMatchObject({ locations: [{ line: 1 }], extensions: { code: 'INVALID_INPUT' } });
});

test('a refusal that passes says when to come back, in the header too', async () => {
  const { status, headers, errors } = await post('{"query":"{ busy }"}');
  expect([status, headers.get('retry-after')]).toEqual([200, '3']);
  expect(errors?.[0]).toMatchObject({
    message: 'Come back later.',
    extensions: { code: 'OVERLOADED', retryAfterSeconds: 2.5 },
  });
});

test('instants are RFC 3339 and on the calendar', async () => {
  const at = async (text: string) => {
    const { data, errors } = await service.ask(null, 'query ($at: DateTime!) { instant(at: $at) }', { at: text });
    return errors?.[0]?.extensions.code ?? (data.instant as string);
  };
  expect(await at('2026-01-31T12:00:00.123456+02:00')).toBe('2026-01-31T10:00:00.123Z');
  expect(await at('2024-02-29T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z');
  for (const text of [
    '2026-01-31',
    '2026-02-30T00:00:00Z',
    '2026-01-31T12:00:00',
    '0000-01-01T00:00:00Z',
    '9999-01-01T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:00:60Z',
    '1',
    '',
  ]) {
    expect([text, await at(text)]).toEqual([text, 'INVALID_INPUT']);
  }
});

test('requests that announce a body and send none hold up nobody; too much at once is OVERLOADED', async () => {
  const address = new URL(service.url);
  const sockets: net.Socket[] = [];
  const closeAll = () => sockets.forEach((socket) => socket.destroy());
  onTestFinished(closeAll);
  const open = (body: string) =>
    new Promise<void>((resolve) => {
      const socket = net.connect(Number(address.port), address.hostname);
      sockets.push(socket);
      socket.on('error', () => undefined);
      const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 250000\r\n\r\n`;
      socket.write(head + body, () => resolve());
    });
  await Promise.all(Array.from({ length: 600 }, () => open('')));
  await isServing();
  // What strangers may send at once is taken by 137 of them.
  await Promise.all(Array.from({ length: 200 }, () => open(' '.repeat(245_000))));
  const query = JSON.stringify({ query: '{ thing { number } }' });
  const large = query + ' '.repeat(250_000);
  await expect.poll(async () => (await post(large)).status, { timeout: 20_000 }).toBe(503);
  const { headers, errors } = await post(large);
  expect([headers.get('retry-after'), errors?.[0]?.extensions.code]).toEqual(['1', 'OVERLOADED']);
  expect((await post(query)).status).toBe(200);
  expect((await post(large, { authorization: `Bearer ${token}` })).status).toBe(200);
  closeAll();
  await expect.poll(async () => (await post(large)).status).toBe(200);
});

test('connections that are reset or never finish their request harm nobody', async () => {
  for (const start of [
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"qu',
    'GARBAGE\r\n\r\n',
  ]) {
    const socket = net.connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write(start, resolve));
    socket.resetAndDestroy();
  }
  await isServing();
});
