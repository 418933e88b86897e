import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { SubjectsModule } from './support/graphql-subjects.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let token: string;
beforeAll(async () => {
  service = await startService({ modules: [SubjectsModule] });
  token = await service.key();
});
afterAll(() => service?.stop());

const ECHO = JSON.stringify('mutation ($input: EchoInput!) { echo(input: $input) }');

/** Sends the text as it stands, and returns the answer's text: JSON.parse on our side would hide what we look for. */
async function send(input: string): Promise<{ status: number; text: string; code?: string; path?: string }> {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: `{"query":${ECHO},"variables":{"input":${input}}}`,
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { errors?: { extensions: { code: string; path?: string } }[] };
  const { code, path } = answer.errors?.[0]?.extensions ?? {};
  return { status: response.status, text: text.trim(), code, path };
}

const echo = (value: string) => send(`{"value":${value}}`);

test('any JSON value comes back the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
      const sent = JSON.stringify(value);
      const { text, code } = await echo(sent);
      if (code) expect(code).toBe('INVALID_JSON');
      else expect(JSON.parse(text)).toStrictEqual({ data: { echo: JSON.parse(sent) } });
      if (code) expect(isUnkeepable(value)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

/** fast-check's own values: only these cannot be kept. */
function isUnkeepable(value: unknown): boolean {
  if (typeof value === 'number')
    return Object.is(value, -0) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  if (typeof value === 'string') return value.includes('\0') || /\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, it]) => key === '__proto__' || isUnkeepable(key) || isUnkeepable(it));
}

test('a number comes back as the same decimal number or is refused', async () => {
  const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,3})?$/);
  await fc.assert(
    fc.asyncProperty(fc.boolean(), digits, async (isNegative, text) => {
      const sent = (isNegative ? '-' : '') + text;
      const answer = await echo(`[${sent}]`);
      if (answer.code) expect(answer.code).toBe('INVALID_JSON');
      else expect(plain(answer.text.slice('{"data":{"echo":['.length, -3))).toBe(plain(sent));
    }),
    { numRuns: 300 },
  );
});

/** The exact decimal value, by whole-number arithmetic. */
function plain(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (/^0*$/.test(whole + fraction)) return '0';
  const shift = Number(exponent) - fraction.length + 400;
  if (shift < 0) return `${sign}${whole}.${fraction}e${exponent}`;
  return `${sign}${BigInt(whole + fraction) * 10n ** BigInt(shift)}`;
}

test.each([
  ['9007199254740993', 'value'],
  ['{"a":[1,9007199254740992]}', 'value.a[1]'],
  ['1e400', 'value'],
  ['-1e400', 'value'],
  ['-0', 'value'],
  ['[-0.0]', 'value[0]'],
  ['1e-400', 'value'],
  ['0.10000000000000000555', 'value'],
  ['{"a":1,"a":2}', 'value.a'],
  ['{"a":1,"\\u0061":2}', 'value.a'],
  ['[{"x":{"a":1,"b":{"a":1,"b":2},"a":2}}]', 'value[0].x.a'],
  ['"\\u0000"', 'value'],
  ['{"\\u0000":1}', 'value["\\u0000"]'],
  ['"\\ud800"', 'value'],
  ['"\\udc00\\ud800"', 'value'],
  ['{"__proto__":{"isAdmin":true}}', 'value.__proto__'],
  ['{"\\u005f_proto__":1}', 'value.__proto__'],
])('%s is refused, and where it stands is named', async (value, path) => {
  const answer = await echo(value);
  expect(answer).toMatchObject({ status: 400, code: 'INVALID_JSON', path: `variables.input.${path}` });
});

test('nesting is limited', async () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect((await echo(nested(190))).code).toBeUndefined();
  expect((await echo(nested(201))).code).toBe('INVALID_JSON');
  expect((await echo(nested(100_000))).code).toBe('INVALID_JSON');
  const { path, text } = await echo(nested(201));
  expect(path).toBe(`variables.input.value${'[0]'.repeat(9)} … ${'[0]'.repeat(6)}`);
  expect(text.length).toBeLessThan(400);
});

test.each([
  '{"constructor":1,"prototype":{"constructor":null},"toString":"x","hasOwnProperty":1,"then":1,"length":-1}',
  '{"":{"":""}," ":[[],{},[[]]]}',
  '"\\u2028\\u2029\\ufeff\\u202e\\u0001\\u007f"',
  '"👩‍👩‍👧 \\ud83d\\ude00 é é"',
  '[0,1e2,1.50,0.1,5e-324,1.25e+10,9007199254740991,-9007199254740991,0.30000000000000004]',
  '"\\\\\\" \\"a\\":1,\\"a\\":2"',
  'null',
])('%s comes back', async (value) => {
  const { text, code } = await echo(value);
  expect(code).toBeUndefined();
  expect(text).toBe(`{"data":{"echo":${JSON.stringify(JSON.parse(value))}}}`);
});

test('where a Float is meant, doubles are doubles', async () => {
  const answer = await send('{"value":1,"floats":[-0.0,0.12345678901234567890123]}');
  expect(answer.code).toBeUndefined();
  const large = await send('{"value":1,"floats":[1e+300,1.2345678901234568e+16,9007199254740991]}');
  expect(large.code).toBeUndefined();
});

test('a whole number that a double would alter is refused in a Float too', async () => {
  for (const sent of ['9007199254740993', '-9007199254740992', '123456789012345678901234567890']) {
    const answer = await send(`{"value":1,"floats":[0.5,${sent}]}`);
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(answer.text).toContain('variables.input.floats[1]: a whole number in a Float may be');
    const { errors } = await service.ask(token, `mutation { echo(input: { value: 1, floats: [0.5, ${sent}] }) }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('a whole number in a Float may be'),
      extensions: { code: 'INVALID_INPUT' },
    });
  }
  const { errors } = await service.ask(token, 'mutation { echo(input: { value: 1, floats: [9007199254740991] }) }');
  expect(errors).toBeUndefined();
});

test('an id or a text is never rounded or cut', async () => {
  expect(await send('{"value":1,"id":9007199254740993}')).toMatchObject({ code: 'INVALID_JSON' });
  expect(await send('{"value":1,"text":"a\\u0000b"}')).toMatchObject({ code: 'INVALID_JSON' });
});

test('literals in the document obey the same rules', async () => {
  const ask = async (literal: string, variables?: object) => {
    const { data, errors } = await service.ask(
      token,
      `query ($x: JSON) { json(value: ${literal}) and: json(value: $x) }`,
      variables,
    );
    return errors?.[0]?.extensions.code ?? (data.json as unknown);
  };
  expect(await ask('{ a: [1, 2.5, "x", null, true, { b: $x }] }', { x: { c: 1 } })).toEqual({
    a: [1, 2.5, 'x', null, true, { b: { c: 1 } }],
  });
  for (const literal of [
    '9007199254740993',
    '-0',
    '1e400',
    '[0.10000000000000000555]',
    '"\\u0000"',
    '{ __proto__: 1 }',
    'BARE',
  ]) {
    expect([literal, await ask(literal)]).toEqual([literal, expect.stringMatching(/^INVALID_(JSON|INPUT)$/)]);
  }
  expect(await ask('9007199254740993')).toBe('INVALID_JSON');
});

test('16 MiB are checked without blocking for long', async () => {
  const row = {
    id: 'x'.repeat(40),
    text: 'Lorem "ipsum"\n'.repeat(60),
    scores: Array.from({ length: 50 }, (_, i) => i / 7),
  };
  const sent = JSON.stringify(Array.from({ length: 8_000 }, () => row));
  let blocked = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    blocked = Math.max(blocked, performance.now() - last);
    last = performance.now();
  }, 5);
  const { code } = await echo(sent);
  clearInterval(timer);
  expect(sent.length).toBeGreaterThan(14_000_000);
  expect(code).toBeUndefined();
  // The client here parses and prints too, in the same process: this bounds the order of magnitude only.
  expect(blocked).toBeLessThan(3_000);
});
