import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { bootstrap, issueAdminToken } from '../src/access/bootstrap.js';
import { parseToken } from '../src/access/token.js';
import { Role } from '../src/access/viewer.js';
import { main } from '../src/cli/main.js';
import { Database } from '../src/database/database.js';
import { createDatabase } from './support/database.js';
import { everythingStored } from './support/everything-stored.js';
import { startService, TEST_SECRET, type TestService } from './support/service.js';

const WHO = '{ viewer { role scopes project } }';
const config = { secret: TEST_SECRET };

/** A service on a database without a project, as on the first start. */
let empty: TestService;
let db: Database;
beforeAll(async () => {
  const database = await createDatabase();
  empty = await startService({ on: { database, projectId: 0 } as TestService });
  db = empty.app.get(Database);
});
afterAll(async () => {
  await empty?.stop();
  await empty?.database.drop();
});

test('the first start makes one project, one admin and one key, also when ten instances start at once', async () => {
  expect(await empty.sql(`SELECT key FROM project`)).toEqual([]);
  const starts = await Promise.all(Array.from({ length: 10 }, () => bootstrap(db, config)));
  const first = starts.filter((start) => start !== null);
  expect(first).toHaveLength(1);
  const { adminToken, apiKey, signInPath, project } = first[0]!;
  expect([project, await empty.sql(`SELECT key FROM project`)]).toEqual(['default', [{ key: 'default' }]]);
  expect(await empty.do(adminToken, WHO)).toEqual({ viewer: { role: 'ADMIN', scopes: [], project: 'default' } });
  expect(await empty.do(apiKey, WHO)).toEqual({
    viewer: { role: null, scopes: ['FLAG', 'READ', 'EXPORT', 'MANAGE'], project: 'default' },
  });
  const response = await fetch(`${empty.url}/session/one-time`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: signInPath.replace('/sign-in#', '') }),
  });
  expect(response.status).toBe(201);
  const stored = await everythingStored(empty.sql);
  for (const token of [adminToken, apiKey, signInPath.split('#')[1]!]) {
    expect(stored).not.toContain(parseToken(token)!.secret);
  }
});

test('a later start makes nothing, and an admin who lost the token is given another on the machine', async () => {
  expect(await bootstrap(db, config)).toBeNull();
  vi.stubEnv('DATABASE_URL', empty.database.url);
  vi.stubEnv('COUNTERSIGN_SECRET', TEST_SECRET);
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await main(['token'], '0.0.0');
  const text = printed.mock.calls.map(([chunk]) => String(chunk)).join('');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  expect(code).toBe(0);
  expect(text).toMatch(/^cst_\S+\n$/);
  expect(await empty.do(text.trim(), WHO)).toMatchObject({ viewer: { role: 'ADMIN', project: 'default' } });
});

test('only an admin of a project that exists is given one', async () => {
  await expect(issueAdminToken(db, config, { project: 'nowhere' })).rejects.toThrow('no project "nowhere"');
  await empty.sql(
    `INSERT INTO member (project_id, id, name, role) SELECT id, gen_random_uuid(), 'Rae', $1 FROM project`,
    [Role.REVIEWER],
  );
  await expect(issueAdminToken(db, config, { member: 'Rae' })).rejects.toThrow('an active admin called "Rae"');
});
