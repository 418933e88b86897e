import { afterAll, beforeAll, expect, test } from 'vitest';

import { parseToken } from '../src/access/token.js';
import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { loggedEvents } from './support/logged-events.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { token key { id kind name scopes expiresAt createdBy } } }`;
const CREATE_TOKEN = `mutation ($input: CreatePersonalTokenInput!) { createPersonalToken(input: $input) { token key { id kind memberId } } }`;
const REVOKE = `mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { key { id revokedAt } } }`;
const LIST = `query ($memberId: ID) { accessKeys(memberId: $memberId) { id memberId } }`;
const WHO = '{ viewer { apiKey role scopes project member { id } } }';

let service: TestService;
let admin: TestMember;
beforeAll(async () => {
  service = await startService();
  admin = await service.member({ role: Role.ADMIN });
});
afterAll(() => service?.stop());

const refusal = async (token: string, query: string, input: object) =>
  (await service.ask(token, query, { input })).errors?.[0]?.extensions.code;

test('an admin makes a key for an app; it acts with its scopes and nobody sees it again', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const input = { name: 'support bot', scopes: ['FLAG', 'READ'], expiresAt };
  const { createApiKey } = await service.do(admin.token, CREATE_KEY, { input });
  const { token, key } = createApiKey;
  expect(key).toMatchObject({ ...input, kind: 'API_KEY', createdBy: `member:${admin.id}` });
  expect(parseToken(token)?.keyId).toBe(key.id);
  expect((await service.do(token, WHO)).viewer).toEqual({
    apiKey: key.id,
    role: null,
    scopes: ['FLAG', 'READ'],
    project: 'test',
    member: null,
  });
  expect(await loggedEvents(service, 'KEY_CREATED')).toEqual([
    { actor: `member:${admin.id}`, data: { keyId: key.id, kind: 'API_KEY', name: 'support bot' } },
  ]);
});

test('a key with every scope, a manager and a reviewer make no keys and no members', async () => {
  const key = await service.key();
  const manager = await service.member({ role: Role.MANAGER });
  for (const token of [key, manager.token, (await service.member()).token]) {
    expect(await refusal(token, CREATE_KEY, { name: 'more', scopes: ['MANAGE'] })).toBe('FORBIDDEN');
  }
  expect(await refusal(key, CREATE_TOKEN, { name: 'more', memberId: admin.id })).toBe('FORBIDDEN');
  expect(await refusal(key, CREATE_TOKEN, { name: 'more' })).toBe('FORBIDDEN');
});

test('a manage key reads the members as a manager does, a reading key does not', async () => {
  expect((await service.ask(await service.key([ApiKeyScope.MANAGE]), '{ members { id } }')).errors).toBeUndefined();
  const reader = await service.ask(await service.key([ApiKeyScope.READ]), '{ members { id } }');
  expect(reader.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('a key that would have ended already, or may do nothing, is not made', async () => {
  const past = new Date(Date.now() - 60_000).toISOString();
  expect(await refusal(admin.token, CREATE_KEY, { name: 'late', scopes: ['READ'], expiresAt: past })).toBe(
    'INVALID_INPUT',
  );
});

test('members make tokens for themselves; for others only an admin, and the refusal tells nothing', async () => {
  const reviewer = await service.member();
  const { createPersonalToken } = await service.do(reviewer.token, CREATE_TOKEN, { input: { name: 'laptop' } });
  expect(createPersonalToken.key).toMatchObject({ kind: 'PERSONAL_TOKEN', memberId: reviewer.id });
  expect((await service.do(createPersonalToken.token, WHO)).viewer.member.id).toBe(reviewer.id);
  const forAdmin = { name: 'x', memberId: admin.id };
  const forNobody = { name: 'x', memberId: '0198a6f0-0000-7000-8000-000000000000' };
  const answers = await Promise.all(
    [forAdmin, forNobody].map((input) => service.ask(reviewer.token, CREATE_TOKEN, { input })),
  );
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  const byAdmin = await service.do(admin.token, CREATE_TOKEN, { input: { name: 'x', memberId: reviewer.id } });
  expect((await service.do(byAdmin.createPersonalToken.token, WHO)).viewer.role).toBe('REVIEWER');
});

test("members list and revoke what is theirs, an admin what is anybody's, and twice is once", async () => {
  const reviewer = await service.member();
  const own = parseToken(reviewer.token)!.keyId;
  const foreign = parseToken(admin.token)!.keyId;
  expect((await service.do(reviewer.token, LIST, { memberId: admin.id })).accessKeys).toEqual([
    { id: own, memberId: reviewer.id },
  ]);
  expect((await service.do(admin.token, LIST, { memberId: reviewer.id })).accessKeys).toHaveLength(1);
  expect(await refusal(reviewer.token, REVOKE, { keyId: foreign })).toBe('NOT_FOUND');
  expect(await refusal(reviewer.token, REVOKE, { keyId: 'nosuchkey0' })).toBe('NOT_FOUND');
  const { revokeKey } = await service.do(admin.token, REVOKE, { input: { keyId: own } });
  const again = await service.do(admin.token, REVOKE, { input: { keyId: own } });
  expect(again.revokeKey).toEqual(revokeKey);
  const revoked = (await loggedEvents(service, 'KEY_REVOKED')).filter(({ data }) => data.keyId === own);
  expect(revoked).toHaveLength(1);
  expect((await service.ask(reviewer.token, WHO)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});
