import { afterAll, beforeAll, expect, test } from 'vitest';

import { Authenticator } from '../src/access/authenticator.js';
import { mintToken, parseToken } from '../src/access/token.js';
import { Role } from '../src/access/viewer.js';
import { startService, type TestService } from './support/service.js';

const WHO = '{ viewer { apiKey role } }';

let here: TestService;
let there: TestService;
beforeAll(async () => {
  here = await startService();
  there = await startService({ on: here });
});
afterAll(async () => {
  await there?.stop();
  await here?.stop();
});

async function secondsUntil(happened: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await happened())) if (performance.now() - start > 10_000) break;
  return (performance.now() - start) / 1_000;
}

const codeOf = async (service: TestService, token: string) =>
  (await service.ask(token, WHO)).errors?.[0]?.extensions.code ?? 'let in';

test('a revoked key is refused at once where it was revoked and within three seconds by another instance', async () => {
  const admin = await here.member({ role: Role.ADMIN });
  const key = await here.key();
  expect([await codeOf(here, key), await codeOf(there, key)]).toEqual(['let in', 'let in']);
  const viewer = await there.app.get(Authenticator).authenticate(key);
  await here.do(admin.token, 'mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { key { revokedAt } } }', {
    input: { keyId: parseToken(key)?.keyId },
  });
  expect(await codeOf(here, key)).toBe('UNAUTHENTICATED');
  expect(await secondsUntil(async () => (await codeOf(there, key)) === 'UNAUTHENTICATED')).toBeLessThan(3);
  expect(await there.app.get(Authenticator).stillValid(viewer)).toBeNull();
});

test('a key ends at its expiry and not a look-up later', async () => {
  const key = await here.key();
  await here.sql(`UPDATE access_key SET expires_at = now() + interval '300 ms' WHERE id = $1`, [
    parseToken(key)?.keyId,
  ]);
  expect(await codeOf(here, key)).toBe('let in');
  expect(await secondsUntil(async () => (await codeOf(here, key)) === 'UNAUTHENTICATED')).toBeLessThan(1.8);
});

test('a new role holds for what is open, and the deactivated are out', async () => {
  const member = await here.member({ role: Role.REVIEWER });
  const viewer = await there.app.get(Authenticator).authenticate(member.token);
  expect(viewer.member?.role).toBe('REVIEWER');
  await here.sql(`UPDATE member SET role = 'VIEWER' WHERE id = $1`, [member.id]);
  expect((await there.app.get(Authenticator).stillValid(viewer))?.member?.role).toBe('VIEWER');
  await here.sql(`UPDATE member SET deactivated_at = now() WHERE id = $1`, [member.id]);
  expect(await there.app.get(Authenticator).stillValid(viewer)).toBeNull();
});

test('wrong, unknown, revoked, expired and deactivated are told apart by nobody', async () => {
  const dead = async (change: string) => {
    const { token, id } = await here.member();
    await here.sql(change, [change.includes('UPDATE member') ? id : parseToken(token)?.keyId]);
    return token;
  };
  const tokens = [
    'nonsense',
    mintToken('API_KEY', here.projectId).text,
    mintToken('API_KEY', 99_999).text,
    await dead(`UPDATE access_key SET revoked_at = now() WHERE id = $1`),
    await dead(`UPDATE access_key SET expires_at = now() - interval '1 second' WHERE id = $1`),
    await dead(`UPDATE member SET deactivated_at = now() WHERE id = $1`),
  ];
  const answers = await Promise.all(tokens.map((token) => here.ask(token, WHO)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]?.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
