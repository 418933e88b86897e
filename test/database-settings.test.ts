import { afterAll, beforeAll, expect, test } from 'vitest';

import { Database } from '../src/database/database.js';
import { SystemDatabase } from '../src/database/system-database.js';
import { LogDatabase } from '../src/log/log-database.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

test.each([Database, SystemDatabase, LogDatabase])(
  '%o compiles no plans: a claim would wait for that',
  async (kind) => {
    expect(await service.app.get<Database>(kind as typeof Database).query('SHOW jit')).toEqual([{ jit: 'off' }]);
  },
);
