import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { FIND_KEYS } from '../src/access/access-key.sql.js';
import { formatToken, mintToken, parseToken, TOKEN_PATTERN } from '../src/access/token.js';
import { Database } from '../src/database/database.js';
import { startService, type TestService } from './support/service.js';

const WHO = '{ viewer { apiKey } }';

describe('a token', () => {
  test('says what it is, whose it is, and is read back whole', () => {
    const { token, text } = mintToken('API_KEY', 46_655);
    expect(text).toMatch(/^csk_zzz_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/);
    expect(parseToken(text)).toEqual(token);
    expect(mintToken('PERSONAL_TOKEN', 1).text.slice(0, 6)).toBe('cst_1_');
    expect(mintToken('SESSION', 2 ** 31 - 1).text).toMatch(new RegExp(`^${TOKEN_PATTERN}$`));
  });

  test('is found in a text by the pattern for secret scanners', () => {
    const { text } = mintToken('SIGN_IN_LINK', 7);
    const leaked = `COUNTERSIGN_KEY="${text}" # do not commit`;
    expect(leaked.match(new RegExp(TOKEN_PATTERN, 'g'))).toEqual([text]);
  });

  test('with any one character changed is refused', () => {
    const { text } = mintToken('API_KEY', 12);
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'a' ? 'b' : 'a';
      expect(parseToken(text.slice(0, at) + other + text.slice(at + 1)), `position ${at}`).toBeNull();
    }
  });

  test('of a project that cannot be is refused though its checksum is right', () => {
    const token = mintToken('API_KEY', 1).token;
    expect(parseToken(formatToken({ ...token, projectId: 2 ** 31 - 1 }))).not.toBeNull();
    expect(parseToken(formatToken({ ...token, projectId: 2 ** 31 }))).toBeNull();
  });
});

describe('presented to a service', () => {
  let service: TestService;
  beforeAll(async () => (service = await startService()));
  afterAll(() => service?.stop());

  test('a token with a wrong checksum does not touch the database, one that is merely unknown does', async () => {
    const asked = vi.spyOn(service.app.get(Database), 'query');
    const lookUps = () => asked.mock.calls.filter(([statement]) => statement === FIND_KEYS).length;
    const key = await service.key();
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    const refused = await service.ask(mistyped, WHO);
    expect(refused.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(lookUps()).toBe(0);
    const unknown = await service.ask(mintToken('API_KEY', service.projectId).text, WHO);
    expect(unknown.errors).toEqual(refused.errors);
    expect(lookUps()).toBe(1);
  });

  test('a token in the address is not looked at', async () => {
    const key = await service.key();
    const response = await fetch(
      `${service.url}/graphql?token=${key}&access_token=${key}&authorization=Bearer%20${key}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: WHO }),
      },
    );
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('a token of one kind under the name of another is refused', async () => {
    const token = parseToken(await service.key());
    const renamed = formatToken({ ...token!, kind: 'PERSONAL_TOKEN' });
    expect((await service.ask(renamed, WHO)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('its use is remembered, at most once a minute', async () => {
    const key = await service.key();
    const { LastUsed } = await import('../src/access/last-used.chore.js');
    const lastUsed = async () => {
      await service.app.get(LastUsed).runOnce();
      const [row] = await service.sql(`SELECT last_used_at AS at FROM access_key WHERE id = $1`, [
        parseToken(key)?.keyId,
      ]);
      return row?.at as Date | null;
    };
    expect(await lastUsed()).toBeNull();
    await service.do(key, WHO);
    const first = await lastUsed();
    expect(first).toBeInstanceOf(Date);
    await service.do(key, WHO);
    expect(await lastUsed()).toEqual(first);
  });
});
