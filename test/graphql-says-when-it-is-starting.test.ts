import { afterAll, beforeAll, expect, test } from 'vitest';

import { Front } from '../src/health/front.js';
import { Readiness } from '../src/health/readiness.js';

/** As src/service.ts has it from the first moment until the service is there. */
const front = new Front(new Readiness());
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await front.listen(0, '127.0.0.1')}`;
});
afterAll(() => front.server.close());

async function ask(path: string, method = 'GET') {
  const sent = method === 'POST' ? { method, body: '{"query":"{ viewer { project } }"}' } : {};
  const response = await fetch(url + path, { ...sent, headers: { 'content-type': 'application/json' } });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}

const starting = { code: 'OVERLOADED', retryAfterSeconds: 1 };
const message = 'The service is starting; try again shortly.';

test('an operation is told OVERLOADED and when to come back, in the shape of a GraphQL error', async () => {
  for (const path of ['/graphql', '/graphql?x=1', '/GraphQL/']) {
    expect(await ask(path, 'POST')).toEqual({
      status: 503,
      retryAfter: '1',
      body: { errors: [{ message, extensions: starting }] },
    });
  }
});

test('so is everything else, in the shape that other routes have', async () => {
  expect(await ask('/exports/x')).toEqual({
    status: 503,
    retryAfter: '1',
    body: { status: 'starting', error: { ...starting, message } },
  });
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'starting' } });
  expect(await ask('/livez')).toMatchObject({ status: 200, body: { status: 'alive' } });
});
