import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RateLimit } from '../src/access/rate-limit.js';
import { Authenticator } from '../src/access/authenticator.js';
import { mintToken } from '../src/access/token.js';
import { startService, type TestService } from './support/service.js';

const WHO = '{ viewer { apiKey } }';

describe('a key that spends too much', () => {
  let service: TestService;
  beforeAll(async () => (service = await startService({ config: { rateBurst: 5, rateCostPerSecond: 1 } })));
  afterAll(() => service?.stop());

  test('is refused with the time to come back, and no other key is', async () => {
    const [busy, calm] = [await service.key(), await service.key()];
    const codes = [];
    for (let i = 0; i < 6; i += 1) codes.push((await service.ask(busy, WHO)).errors?.[0]?.extensions.code ?? 'let in');
    expect(codes).toEqual([...Array<string>(5).fill('let in'), 'RATE_LIMITED']);
    const { errors } = await service.ask(busy, WHO);
    expect(errors?.[0]?.extensions.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect((await service.ask(calm, WHO)).errors).toBeUndefined();
  });

  test('pays for every alias', async () => {
    const { errors } = await service.ask(
      await service.key(),
      `{ ${'abcdef'.replace(/./g, '$&: viewer { project } ')} }`,
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED']);
  });

  test('pays what the operation says, at most everything', async () => {
    const viewer = await service.app.get(Authenticator).authenticate(await service.key());
    await service.app.get(RateLimit).charge(viewer, 1_000);
    await expect(service.app.get(RateLimit).charge(viewer, 1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('is told by the Retry-After header as well', async () => {
    const key = await service.key();
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query: `{ ${'abcdef'.replace(/./g, '$&: viewer { project } ')} }` }),
    });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });
});

describe('an address that guesses credentials', () => {
  let service: TestService;
  beforeAll(async () => (service = await startService()));
  afterAll(() => service?.stop());

  test('is answered 429 without a look at them; who was let in before stays in', async () => {
    const known = await service.key();
    const late = await service.key();
    await service.do(known, WHO);
    const statuses = [];
    for (let i = 0; i < 40; i += 1) {
      statuses.push(
        (await service.ask(mintToken('API_KEY', service.projectId).text, WHO)).errors?.[0]?.extensions.code,
      );
    }
    expect(statuses.slice(0, 30)).not.toContain('RATE_LIMITED');
    expect(statuses.slice(-5)).toEqual(Array<string>(5).fill('RATE_LIMITED'));
    const refused = await service.ask(late, WHO);
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    await service.do(known, WHO);
    expect((await service.ask(null, WHO)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

test('a dead key that is still presented locks nobody out', async () => {
  const service = await startService();
  try {
    const member = await service.member();
    await service.sql(`UPDATE member SET deactivated_at = now() WHERE id = $1`, [member.id]);
    for (let i = 0; i < 40; i += 1) {
      expect((await service.ask(member.token, WHO)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    await service.do(await service.key(), WHO);
  } finally {
    await service.stop();
  }
});
