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

test('members and keys are listed page by page, however many there are, each once', async () => {
  const own = await startService();
  try {
    const boss = await own.member({ role: Role.ADMIN, name: 'boss' });
    await own.sql(
      `INSERT INTO member (project_id, id, name, role)
       SELECT $1, gen_random_uuid(), 'm ' || n, 'REVIEWER' FROM generate_series(1, 1200) n`,
      [own.projectId],
    );
    await own.sql(
      `INSERT INTO access_key (project_id, id, kind, name, secret_hmac, created_by, created_at, expires_at, revoked_at)
       SELECT $1, 'k' || n, 'API_KEY', 'key ' || n, sha256('x'), 'system', now() - (n / 7) * interval '1 microsecond',
              CASE n WHEN 1 THEN now() END, CASE n WHEN 2 THEN now() END FROM generate_series(1, 1200) n`,
      [own.projectId],
    );
    const walk = async (field: string, selection: string) => {
      const nodes: any[] = [];
      for (let after: string | null = null, more = true; more;) {
        const query = `query ($after: Cursor) { list: ${field}(first: 100, after: $after) {
          edges { node { ${selection} } } pageInfo { hasNextPage endCursor } } }`;
        const { list }: any = await own.do(boss.token, query, { after });
        nodes.push(...list.edges.map((edge: any) => edge.node));
        after = list.pageInfo.endCursor;
        more = list.pageInfo.hasNextPage;
      }
      return nodes;
    };
    const names = (await walk('memberList', 'name')).map(({ name }) => name);
    expect(new Set(names).size).toBe(1_201);
    expect(names).toHaveLength(1_201);
    const keys = await walk('accessKeyList', 'id createdAt isCurrent member { name }');
    expect(keys).toHaveLength(1_199);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1_199);
    expect(keys.filter(({ isCurrent }) => isCurrent)).toEqual([
      { id: parseToken(boss.token)?.keyId, createdAt: expect.anything(), isCurrent: true, member: { name: 'boss' } },
    ]);
    for (const field of ['memberList', 'accessKeyList']) {
      for (const [args, why] of [
        ['first: 0', /1 to 100/],
        ['first: 101', /1 to 100/],
        ['after: "bm9wZQ"', /not a cursor of this list/],
      ] as const) {
        const { errors } = await own.ask(boss.token, `{ ${field}(${args}) { pageInfo { hasNextPage } } }`);
        expect(errors?.[0]).toMatchObject({
          extensions: { code: 'INVALID_INPUT' },
          message: expect.stringMatching(why),
        });
      }
    }
  } finally {
    await own.stop();
  }
});

test('everybody lists, makes and ends what acts for them, and nothing that acts for somebody else', async () => {
  const LIST_PAGE = `query ($memberId: ID) { accessKeyList(memberId: $memberId) { edges { node { id kind member { id } } } } }`;
  const OUT = `mutation ($input: SignOutEverywhereInput!) { signOutEverywhere(input: $input) { ended } }`;
  const other = await service.member();
  for (const role of [Role.REVIEWER, Role.VIEWER]) {
    const self = await service.member({ role });
    const created = await service.do(self.token, CREATE_TOKEN, { input: { name: 'laptop' } });
    const { token, key } = created.createPersonalToken;
    expect(key).toMatchObject({ kind: 'PERSONAL_TOKEN', memberId: self.id });
    expect((await service.do(token, WHO)).viewer).toMatchObject({ role, scopes: [] });
    // Whom they name makes no difference: they are shown their own.
    for (const memberId of [self.id, admin.id, null]) {
      const { accessKeyList } = await service.do(token, LIST_PAGE, { memberId });
      const nodes = accessKeyList.edges.map((edge: any) => edge.node);
      expect(nodes.map(({ id }: any) => id)).toContain(key.id);
      expect(nodes.filter(({ member }: any) => member.id !== self.id)).toEqual([]);
    }
    expect(await refusal(token, CREATE_TOKEN, { name: 'theirs', memberId: other.id })).toBe('NOT_FOUND');
    expect(await refusal(token, OUT, { memberId: other.id })).toBe('NOT_FOUND');
    expect(await refusal(token, REVOKE, { keyId: parseToken(other.token)?.keyId })).toBe('NOT_FOUND');
    expect((await service.ask(token, '{ memberList { edges { node { id } } } }')).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
    await service.do(token, REVOKE, { input: { keyId: key.id } });
    expect((await loggedEvents(service, 'KEY_REVOKED')).at(-1)).toEqual({
      actor: `member:${self.id}`,
      data: { keyId: key.id },
    });
  }
  const app = await service.key();
  expect((await service.ask(app, LIST_PAGE)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});
