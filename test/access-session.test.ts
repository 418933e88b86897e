import { afterAll, beforeAll, expect, test } from 'vitest';

import { EndedSessions } from '../src/access/ended-session.chore.js';
import { parseToken } from '../src/access/token.js';
import { Role } from '../src/access/viewer.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let admin: TestMember;
beforeAll(async () => {
  service = await startService();
  admin = await service.member({ role: Role.ADMIN });
});
afterAll(() => service?.stop());

interface Sent {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function send(path: string, { method = 'POST', body, headers = {} }: Sent) {
  const response = await fetch(service.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const [setCookie = ''] = response.headers.getSetCookie();
  return { status: response.status, text: await response.text(), setCookie, cookie: setCookie.split(';')[0]! };
}

const signIn = (member: TestMember) => send('/session', { body: { token: member.token } });

async function roleBy(cookie: string, headers: Record<string, string> = {}): Promise<string> {
  const { text } = await send('/graphql', { body: { query: '{ viewer { role } }' }, headers: { cookie, ...headers } });
  const { data, errors } = JSON.parse(text);
  return data?.viewer.role ?? errors[0].extensions.code;
}

test('a personal token opens a session in a cookie that scripts and other sites do not get', async () => {
  const opened = await signIn(admin);
  expect(opened.status).toBe(201);
  expect(opened.setCookie).toMatch(/^countersign=css_[^;]+; /);
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Expires=']) expect(opened.setCookie).toContain(part);
  expect(opened.text).not.toContain('css_');
  expect(await roleBy(opened.cookie)).toBe('ADMIN');
  const hours = (Date.parse(JSON.parse(opened.text).expiresAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(11.9);
  expect(hours).toBeLessThan(12.1);
});

test('a session does not outlive the token that it was opened with', async () => {
  const member = await service.member();
  await service.sql(`UPDATE access_key SET expires_at = now() + interval '1 hour' WHERE id = $1`, [
    parseToken(member.token)?.keyId,
  ]);
  const { text } = await signIn(member);
  expect(Date.parse(JSON.parse(text).expiresAt) - Date.now()).toBeLessThan(3_600_000);
});

test('revoking a token ends the sessions that it opened, and no others', async () => {
  const member = await service.member();
  const token = parseToken(member.token)!.keyId;
  const other = await service.do(member.token, `mutation { createPersonalToken(input: { name: "other" }) { token } }`);
  const mine = (await signIn(member)).cookie;
  const { cookie: kept } = await send('/session', { body: { token: other.createPersonalToken.token } });
  await service.do(member.token, `mutation { revokeKey(input: { keyId: "${token}" }) { key { id } } }`);
  expect(await roleBy(mine)).toBe('UNAUTHENTICATED');
  expect(await roleBy(kept)).toBe('REVIEWER');
  // Known still to this process for a moment, and yet it opens nothing.
  expect((await signIn(member)).status).toBe(401);
});

test('sessions and links that ended thirty days ago are deleted, tokens are kept', async () => {
  const member = await service.member();
  await signIn(member);
  const { cookie } = await signIn(member);
  const ended = await service.sql<{ id: string }>(
    `UPDATE access_key SET expires_at = now() - interval '31 days', created_at = now() - interval '32 days'
      WHERE member_id = $1 AND id <> $2 RETURNING id`,
    [member.id, parseToken(cookie.split('=')[1]!)?.keyId],
  );
  expect(ended).toHaveLength(2);
  await service.app.get(EndedSessions).runOnce();
  const left = await service.sql(`SELECT kind FROM access_key WHERE member_id = $1 ORDER BY kind`, [member.id]);
  expect(left).toEqual([{ kind: 'PERSONAL_TOKEN' }, { kind: 'SESSION' }]);
  expect(await roleBy(cookie)).toBe('REVIEWER');
});

test('an API key, a session and nonsense open none', async () => {
  const { cookie } = await signIn(admin);
  for (const token of [await service.key(), cookie.split('=')[1], 'nonsense']) {
    const refused = await send('/session', { body: { token } });
    expect([refused.status, refused.setCookie]).toEqual([401, '']);
  }
  expect((await send('/session', { body: {} })).status).toBe(400);
  expect((await send('/session', { body: { token: ['a'] } })).status).toBe(400);
});

test('signing out ends the session, not only the cookie', async () => {
  const { cookie } = await signIn(admin);
  const closed = await send('/session', { method: 'DELETE', headers: { cookie } });
  expect(closed.status).toBe(204);
  expect(closed.setCookie).toMatch(/^countersign=;/);
  expect(await roleBy(cookie)).toBe('UNAUTHENTICATED');
  expect((await send('/session', { method: 'DELETE' })).status).toBe(401);
});

test('a page of another origin neither acts by the cookie nor signs in or out', async () => {
  const { cookie } = await signIn(admin);
  const host = new URL(service.url).host;
  expect(await roleBy(cookie, { origin: `http://${host}` })).toBe('ADMIN');
  expect(await roleBy(cookie, { origin: 'https://evil.example' })).toBe('UNAUTHENTICATED');
  expect(await roleBy(cookie, { origin: 'null' })).toBe('UNAUTHENTICATED');
  expect(await roleBy(cookie, { 'sec-fetch-site': 'cross-site' })).toBe('UNAUTHENTICATED');
  const headers = { origin: 'https://evil.example' };
  expect((await send('/session', { body: { token: admin.token }, headers })).status).toBe(403);
  expect((await send('/session', { method: 'DELETE', headers: { ...headers, cookie } })).status).toBe(401);
  expect(await roleBy(cookie)).toBe('ADMIN');
});

test('a form cannot sign anybody in', async () => {
  const form = { body: `token=${admin.token}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  const plain = { body: JSON.stringify({ token: admin.token }), headers: { 'content-type': 'text/plain' } };
  for (const sent of [form, plain]) {
    const { status, setCookie } = await send('/session', sent);
    expect([400, 415]).toContain(status);
    expect(setCookie).toBe('');
  }
});

test('a sign-in link works once, whoever tries it at the same time, and is no credential itself', async () => {
  const member = await service.member();
  const { createSignInLink } = await service.do(
    admin.token,
    `mutation ($input: CreateSignInLinkInput!) { createSignInLink(input: $input) { path } }`,
    { input: { memberId: member.id } },
  );
  const code = createSignInLink.path.replace('/sign-in#', '');
  expect((await service.ask(code, '{ viewer { role } }')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const tries = await Promise.all(Array.from({ length: 5 }, () => send('/session/one-time', { body: { code } })));
  expect(tries.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
  const { cookie } = tries.find(({ status }) => status === 201)!;
  expect(await roleBy(cookie)).toBe('REVIEWER');
});

test('a sign-in link ends after fifteen minutes', async () => {
  const member = await service.member();
  const { createSignInLink } = await service.do(
    admin.token,
    `mutation ($input: CreateSignInLinkInput!) { createSignInLink(input: $input) { path } }`,
    { input: { memberId: member.id } },
  );
  const code = createSignInLink.path.replace('/sign-in#', '');
  const [row] = await service.sql(
    `UPDATE access_key SET expires_at = expires_at - interval '15 minutes'
      WHERE id = $1 RETURNING extract(epoch FROM expires_at - created_at)::int AS seconds`,
    [parseToken(code)?.keyId],
  );
  expect(row).toEqual({ seconds: 0 });
  expect((await send('/session/one-time', { body: { code } })).status).toBe(401);
});

test('signing out everywhere ends every session of the member and no token', async () => {
  const member = await service.member();
  const cookies = [(await signIn(member)).cookie, (await signIn(member)).cookie];
  const { signOutEverywhere } = await service.do(member.token, `mutation { signOutEverywhere(input: {}) { ended } }`);
  expect(signOutEverywhere).toEqual({ ended: 2 });
  for (const cookie of cookies) expect(await roleBy(cookie)).toBe('UNAUTHENTICATED');
  expect((await service.do(member.token, '{ viewer { role } }')).viewer.role).toBe('REVIEWER');
});

test('the cookie is bound to this host over https, which only a proxy that is trusted can say', async () => {
  const headers = { 'x-forwarded-proto': 'https' };
  const untrusted = await send('/session', { body: { token: admin.token }, headers });
  expect(untrusted.setCookie).toMatch(/^countersign=css_/);
  const proxied = await startService({ on: service, config: { trustedProxies: 1 } });
  try {
    const response = await fetch(`${proxied.url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token: admin.token }),
    });
    const [cookie] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-countersign=css_/);
    expect(cookie).toContain('; Secure');
  } finally {
    await proxied.stop();
  }
});
