import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { FLAG, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let admin: string;
beforeAll(async () => {
  service = await startService();
  admin = (await service.member({ role: Role.ADMIN })).token;
});
afterAll(() => service?.stop());

async function refusal(query: string, input: object): Promise<string | undefined> {
  const { errors } = await service.ask(admin, query, { input });
  expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  return errors?.[0]?.message;
}

const CREATE_KEY = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { token } }';
const CREATE = 'mutation ($input: CreateMemberInput!) { createMember(input: $input) { __typename } }';
const UPDATE = 'mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { __typename } }';
const REVOKE = 'mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { __typename } }';

test('the path once, then what is allowed', async () => {
  const { id: memberId } = await service.member();
  const long = 'x'.repeat(201);
  expect(await refusal(CREATE_KEY, { name: long, scopes: [] })).toBe(
    'input.name: at most 200 characters; input.scopes: at least 1 element',
  );
  expect(await refusal(CREATE_KEY, { name: '', scopes: ['FLAG'] })).toBe('input.name: at least 1 character');
  expect(await refusal(CREATE, { name: ' Ada', role: 'VIEWER' })).toBe(
    'input.name: must not hold control characters, or spaces at its ends',
  );
  expect(await refusal(CREATE, { name: 'Ada', role: 'VIEWER', skills: ['law', 'x'.repeat(65)] })).toBe(
    'input.skills: each 1 to 64 characters',
  );
  expect(await refusal(UPDATE, { memberId, capacity: 0 })).toBe('input.capacity: at least 1');
  expect(await refusal(UPDATE, { memberId, capacity: 101 })).toBe('input.capacity: at most 100');
  expect(await refusal(UPDATE, { memberId: 'Ada', capacity: 1 })).toBe('input.memberId: must be a UUID');
  expect(await refusal(REVOKE, { keyId: '-' })).toBe(
    'input.keyId: must be the id of a key; the whole token is never sent here',
  );
});

test('a queue is named by a key, which has at most 63 characters', async () => {
  const key = await service.key([ApiKeyScope.FLAG]);
  for (const queue of ['', 'x'.repeat(64)]) {
    const { errors } = await service.ask(key, FLAG, { input: output('a', { queue }) });
    expect(errors?.[0]?.message).toBe(`queue has ${queue.length} characters; allowed are 1 to 63.`);
  }
});
