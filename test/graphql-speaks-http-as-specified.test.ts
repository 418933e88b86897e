import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createApp } from '../src/app.js';
import { SubjectsModule } from './support/graphql-subjects.js';
import { startService, testConfig, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService({ modules: [SubjectsModule], config: { introspection: true, logLevel: 'silent' } });
});
afterAll(() => service?.stop());

test('the audit of GraphQL over HTTP finds no error', async () => {
  const found: Record<string, string[]> = { ok: [], notice: [], warn: [], error: [] };
  for (const audit of serverAudits({ url: `${service.url}/graphql` })) {
    const result = await audit.fn();
    found[result.status]!.push(`${result.id} ${result.name}`);
  }
  expect(found.error).toEqual([]);
  // Apollo answers 400 to what is no operation, also in application/json, where 200 should be used.
  expect(found.warn!.map((name) => name.slice(0, 4)).sort()).toEqual(['572B', '7B9B', 'FDE2']);
  // GET is refused.
  expect(found.notice!.every((name) => /GET/.test(name))).toBe(true);
});

test.each(['production', 'development', 'test', undefined])('NODE_ENV %s opens nothing', async (environment) => {
  const before = process.env.NODE_ENV;
  if (environment) process.env.NODE_ENV = environment;
  else delete process.env.NODE_ENV;
  try {
    const other = await startService({
      on: service,
      modules: [SubjectsModule],
      config: { introspection: false, logLevel: 'silent' },
    });
    const closed = await other.ask(null, '{ __schema { types { name } } }');
    expect(closed.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    const fault = await other.ask(null, '{ thing { faulty } }');
    expect(fault.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) });
    const page = await fetch(`${other.url}/graphql`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([405, expect.stringContaining('application/json')]);
    await other.stop();
  } finally {
    process.env.NODE_ENV = before;
  }
});

test('what introspection shows is enough for the explorer', async () => {
  const { getIntrospectionQuery } = await import('graphql');
  const { errors } = await service.ask(null, getIntrospectionQuery());
  expect(errors).toBeUndefined();
});

test('introspection that goes in circles is refused', async () => {
  const circle = (depth: number): string => (depth === 0 ? 'name' : `fields { type { ${circle(depth - 1)} } }`);
  for (const depth of [4, 9, 15]) {
    const { errors } = await service.ask(null, `{ __schema { types { ${circle(depth)} } } }`);
    expect([depth, errors?.[0]?.extensions.code]).toEqual([depth, 'INVALID_INPUT']);
  }
});

test('pages are served with a strict policy, and a missing file is not found', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-pages-'));
  fs.mkdirSync(path.join(folder, 'assets'));
  fs.writeFileSync(path.join(folder, 'index.html'), '<p>page</p>');
  fs.writeFileSync(path.join(folder, 'assets', 'index-1.js'), '1');
  const app = await createApp(testConfig(service.database.url, { logLevel: 'silent' }), { pages: folder });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const get = async (address: string) => {
    const response = await fetch(url + address);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const page = await get('/sign-in?x=1');
  expect([page.status, page.text]).toEqual([200, '<p>page</p>']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await get('/assets/index-1.js')).headers.get('cache-control')).toContain('immutable');
  for (const address of ['/assets/index-2.js', '/nothing', '/assets/', '/..%2f..%2fetc/passwd', '/.env']) {
    const { status, text } = await get(address);
    expect([address, status, JSON.parse(text).error.code]).toEqual([address, 404, 'NOT_FOUND']);
  }
  await app.close();
  fs.rmSync(folder, { recursive: true });
});
