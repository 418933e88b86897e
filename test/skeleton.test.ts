import { afterAll, beforeAll, expect, test } from 'vitest';

import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

test('a caller with a key is told who it is, one without is refused', async () => {
  expect(await service.do(await service.key(), '{ viewer { project } }')).toEqual({ viewer: { project: 'test' } });
  const answer = await service.ask(null, '{ viewer { project } }');
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
