import { afterAll, beforeAll, expect, test } from 'vitest';

import { hmac, parseToken } from '../src/access/token.js';
import { Role } from '../src/access/viewer.js';
import { createApp } from '../src/app.js';
import { createLogger } from '../src/logging.js';
import { everythingStored } from './support/everything-stored.js';
import { startService, TEST_SECRET, testConfig, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

test('of a credential only an HMAC is kept', async () => {
  const admin = await service.member({ role: Role.ADMIN });
  const { createApiKey } = await service.do(
    admin.token,
    `mutation { createApiKey(input: { name: "app", scopes: [READ] }) { token } }`,
  );
  await service.do(createApiKey.token, '{ viewer { apiKey } }');
  const { secret, keyId } = parseToken(createApiKey.token)!;
  const stored = await everythingStored(service.sql);
  expect(stored).toContain(keyId);
  for (const form of [
    secret,
    createApiKey.token,
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('base64'),
  ]) {
    expect(stored).not.toContain(form);
  }
  expect(stored).toContain(hmac(TEST_SECRET, secret).toString('hex'));
  expect(stored).not.toContain(hmac('another service, another secret, yes', secret).toString('hex'));
});

test('no answer, whatever goes wrong, repeats a credential', async () => {
  const keys = [await service.key(), (await service.member()).token];
  const good = keys.map((key) => ({ token: key, key }));
  const bad = keys.map((key) => ({ token: `${key}x`, key }));
  for (const { token, key } of [...good, ...bad]) {
    const { secret } = parseToken(key)!;
    for (const query of [
      '{ nothing }',
      '{ viewer { nothing } }',
      '{',
      'mutation { createApiKey(input: {}) { token } }',
      `{ ${token} }`,
    ]) {
      const answer = JSON.stringify(await service.ask(token, query));
      if (!query.includes(token)) expect(answer).not.toContain(secret);
    }
  }
  const [, mine] = keys;
  const revoke = 'mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { key { id } } }';
  const pasted = await service.ask(mine!, revoke, { input: { keyId: mine } });
  expect(pasted.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  expect(JSON.stringify(pasted)).not.toContain(parseToken(mine!)!.secret);
});

test('no log line, down to the finest, holds a credential', async () => {
  const lines: string[] = [];
  const logger = createLogger({ logLevel: 'trace' }, { write: (line: string) => void lines.push(line) });
  const app = await createApp(testConfig(service.database.url), { logger });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const tokens = [await service.key(), (await service.member()).token];
  const dead = await service.key();
  await service.sql(`UPDATE access_key SET revoked_at = now() WHERE id = $1`, [parseToken(dead)?.keyId]);
  for (const token of [...tokens, dead, `${dead.slice(0, -1)}_`]) {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      cookie: `countersign=${token}`,
    };
    for (const query of ['{ viewer { apiKey } }', '{', '{ nothing }']) {
      await fetch(`${url}/graphql?token=${token}`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    }
    for (const body of [{ token }, { token: [token] }, token]) {
      await fetch(`${url}/session`, { method: 'POST', headers, body: JSON.stringify(body) });
    }
  }
  await app.close();
  expect(lines.length).toBeGreaterThan(10);
  for (const token of [...tokens, dead]) expect(lines.join('')).not.toContain(parseToken(token)!.secret);
});
