import { afterAll, beforeAll, expect, test } from 'vitest';

import { PassRetention } from '../src/intake/pass-retention.chore.js';
import { FLAG, FLAG_MANY, makePolicy, makeQueue, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let key: string;

beforeAll(async () => {
  service = await startService();
  key = await service.key();
  await makeQueue(service);
  await makePolicy(service, [{ name: 'fine', sample: 1, decision: 'PASS' }]);
});
afterAll(() => service?.stop());

const HOSTILE = [
  '',
  ' leading and trailing ',
  '\t\r\n\u000b\u000c',
  '\u0001\u0002\u001f\u007f\u0085',
  '\u2028\u2029\ufeff\u200b\u202e',
  '"; DROP TABLE item; --',
  "'); DELETE FROM flag; --",
  '$1 $2 $$ %s %n {{7*7}} ${7*7} <%= 7*7 %>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://x","y")',
  '@SUM(1+1)',
  'file:///etc/passwd',
  '../../../../etc/passwd',
  '{"a":"\\u0000"}',
  '\\u0000 \\n \\\\ \\"',
  'null',
  'NaN',
  '1e400',
  '9007199254740993',
  '😀👩‍👩‍👧 ﷽ Ω≈ç√ 田中さん مرحبا',
  'é vs é',
  'Zalgo ẗ̷̨o̴͝ ',
  'a'.repeat(100_000),
  '\\N',
  '\\.',
  'true',
  '0x1F',
];

const DEEP = Array.from({ length: 150 }).reduce<unknown>((inner) => [inner], 'deep');

test.each(HOSTILE.map((text, i) => [i, text] as const))('hostile text %i comes back byte for byte', async (i, text) => {
  const sent = output(`hostile-${i}`, {
    input: text,
    output: { [text]: text, list: [text, null, true, 0.1, -5] },
    context: [text, { text }],
    metadata: text,
    reasons: [text.slice(0, 2_000)],
  });
  const { flagOutput } = await service.do(key, FLAG, { input: sent });
  const { item } = await service.do(
    key,
    `query ($id: ID!) { item(id: $id) { input output context metadata reasons } }`,
    { id: flagOutput.item.id },
  );
  const { input, output: answer, context, metadata, reasons } = sent;
  expect(JSON.stringify(item)).toBe(JSON.stringify({ input, output: answer, context, metadata, reasons }));
  const [row] = await service.sql('SELECT input::text AS text FROM evidence WHERE item_id = $1', [flagOutput.item.id]);
  expect(row!.text).toBe(JSON.stringify(text));
});

test('hostile ids, tags and names are kept as they are, and a hostile id is found again', async () => {
  for (const [i, text] of HOSTILE.entries()) {
    const name = text.slice(0, 200) || 'x';
    const sent = output(`${name}#${i}`, { source: name, tags: [name], signals: [{ name, value: 1 }], groupKey: name });
    const { flagOutput } = await service.do(key, FLAG, { input: sent });
    expect(flagOutput.item).toMatchObject({ externalId: sent.externalId, source: name, tags: [name] });
    const found = await service.do(
      key,
      'query ($id: String, $tag: String) { items(filter: { externalId: $id, tag: $tag }) { edges { node { id } } } }',
      { id: sent.externalId, tag: name },
    );
    expect(found.items.edges).toEqual([{ node: { id: flagOutput.item.id } }]);
    expect((await service.do(key, FLAG, { input: sent })).flagOutput.duplicate).toBe(true);
  }
});

test('keys keep their order, numbers their value, and deep nesting its depth', async () => {
  const value = {
    z: 1,
    a: { '10': 'ten', '9': 'nine' },
    b: [1.5, 1e21 / 1e21, 0.1 + 0.2, 1e-7],
    deep: DEEP,
    constructor: 1,
  };
  const { flagOutput } = await service.do(key, FLAG, { input: output('order', { output: value }) });
  const read = await service.do(key, 'query ($id: ID!) { item(id: $id) { output } }', { id: flagOutput.item.id });
  expect(JSON.stringify(read.item.output)).toBe(JSON.stringify(value));
});

test('what cannot be kept exactly is refused with its place, and of a batch that row alone', async () => {
  for (const bad of ['U+0000 \u0000', 'half \ud800', 2 ** 53]) {
    const one = await service.ask(key, FLAG, { input: output('bad-json', { output: { a: [bad] } }) });
    expect(one.errors?.[0]?.extensions.code).toBe('INVALID_JSON');
    const inputs = [output('good'), output('bad', { context: [bad] }), output('good, too')];
    const { rows } = (await service.do<any>(key, FLAG_MANY, { inputs })).flagOutputs;
    expect(rows.map((row: any) => [row.externalId, row.error?.code])).toEqual([
      ['good', undefined],
      ['bad', 'INVALID_JSON'],
      ['good, too', undefined],
    ]);
    expect(rows[1].error.message).toContain('variables.inputs[1].context[0]');
  }
  expect(await service.sql(`SELECT 1 FROM flag WHERE external_id IN ('bad-json', 'bad')`)).toEqual([]);
});

test('whatever is wrong with a row of a batch, its neighbours stand, and the row says what it is', async () => {
  const row = (id: string, more: string) =>
    `{"externalId":"row-${id}","queue":"answers","source":"s","input":1${more ? `,${more}` : ''}}`;
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const wrong: [string, string, string][] = [
    [row('doubled', '"output":{"a":1,"a":2}'), 'INVALID_JSON', 'output.a'],
    [row('digits', '"output":[0.10000000000000000555]'), 'INVALID_JSON', 'output[0]'],
    [row('integer', '"output":[1,{"id":9007199254740993}]'), 'INVALID_JSON', 'output[1].id'],
    [row('zero', '"output":-0'), 'INVALID_JSON', 'output'],
    [row('null-character', '"output":"\\u0000"'), 'INVALID_JSON', 'output'],
    [row('half', '"output":"","metadata":{"\\ud800":1}'), 'INVALID_JSON', 'metadata'],
    [row('proto', '"output":{"__proto__":1}'), 'INVALID_JSON', 'output.__proto__'],
    [row('deep', `"output":${deep}`), 'INVALID_JSON', 'output'],
    [row('missing', ''), 'INVALID_INPUT', '"output" of required type'],
    [row('type', '"output":1,"tags":"a","confidence":"high"'), 'INVALID_INPUT', 'confidence'],
    [row('enum', '"output":1,"risk":"EXTREME"'), 'INVALID_INPUT', 'risk'],
    [row('unknown', '"output":1,"no_such_field":1'), 'INVALID_INPUT', 'no_such_field'],
    [row('due', '"output":1,"dueAt":"tomorrow"'), 'INVALID_INPUT', 'dueAt'],
    [row('large-float', '"output":1,"signals":[{"name":"n","value":9007199254740993}]'), 'INVALID_INPUT', 'value'],
    ['null', 'INVALID_INPUT', 'inputs'],
    ['7', 'INVALID_INPUT', 'inputs'],
  ];
  const good = (n: number) => row(`good-${n}`, '"output":[0.1,1e3],"confidence":0.10000000000000000555');
  const rows = wrong.flatMap(([text], n) => [text, good(n)]);
  const send = async (inputs: string) => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: `{"query":${JSON.stringify(FLAG_MANY)},"variables":{"inputs":${inputs}}}`,
    });
    return (await response.json()) as any;
  };
  const { data } = await send(`[${rows.join()}]`);
  expect(data.flagOutputs.rows).toHaveLength(rows.length);
  for (const [n, [text, code, place]] of wrong.entries()) {
    const [refused, stored] = data.flagOutputs.rows.slice(2 * n, 2 * n + 2);
    expect(refused).toMatchObject({ payload: null, error: { code, message: expect.stringContaining(place) } });
    expect(refused.error.message).toContain(`variables.inputs[${2 * n}]`);
    expect(refused.externalId).toBe(/"externalId":"([^"]*)"/.exec(text)?.[1] ?? '');
    expect(stored).toMatchObject({ externalId: `row-good-${n}`, error: null, payload: { decision: 'REVIEW' } });
  }
  const found = await service.sql(`SELECT external_id FROM flag WHERE external_id LIKE 'row-%' ORDER BY external_id`);
  expect(found.map(({ external_id: id }: any) => id)).toEqual(wrong.map((_, n) => `row-good-${n}`).sort());

  // What concerns no single row, and more rows than one call may have, still concern the call.
  const other = await send(`[${good(99)}],"inputs":[${good(99)}]`);
  expect(other.errors[0].extensions).toMatchObject({ code: 'INVALID_JSON', path: 'variables.inputs' });
  const many = await send(`[${Array.from({ length: 1_001 }, () => 'null').join()}]`);
  expect(many.errors[0].extensions.code).toBe('INVALID_INPUT');
  expect(await service.sql(`SELECT FROM flag WHERE external_id = 'row-good-99'`)).toEqual([]);
});

test('of a PASS nothing of the payload is anywhere in the database', async () => {
  const canary = 'canary-b7f3';
  const input = output('passes', {
    queue: null,
    input: { ask: canary },
    output: canary,
    context: [canary],
    metadata: { [canary]: canary },
    groupKey: canary,
    confidence: 0.9,
    signals: [{ name: 'length', value: 3 }],
  });
  const { flagOutput } = await service.do(key, FLAG, { input });
  expect(flagOutput).toEqual({ decision: 'PASS', duplicate: false, rule: 'fine', item: null });
  const columns = await service.sql(
    `SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb', 'ARRAY', 'character varying', 'bytea')`,
  );
  expect(columns.length).toBeGreaterThan(40);
  for (const { table_name: table, column_name: column } of columns) {
    const found = await service.sql(`SELECT 1 FROM ${table} WHERE "${column}"::text LIKE '%${canary}%'`);
    expect(found, `${table}.${column}`).toEqual([]);
  }
  const [kept] = await service.sql(`SELECT seen, rule, policy_version FROM flag WHERE external_id = 'passes'`);
  expect(kept).toEqual({
    rule: 'fine',
    policy_version: 1,
    seen: {
      source: 'support-bot',
      model: null,
      prompt: null,
      confidence: 0.9,
      risk: null,
      reasons: [],
      signals: [{ name: 'length', value: 3 }],
      tags: [],
    },
  });
});

test('what passed is forgotten after its time, what was reviewed is not', async () => {
  const ids = Array.from({ length: 1_500 }, (_, i) => `old-${i}`);
  await service.do(key, FLAG_MANY, { inputs: ids.slice(0, 750).map((id) => output(id, { queue: null })) });
  await service.do(key, FLAG_MANY, { inputs: ids.slice(750).map((id) => output(id, { queue: null })) });
  await service.do(key, FLAG, { input: output('old-reviewed') });
  await service.sql(
    `UPDATE flag SET flagged_at = now() - interval '30 days 1 second' WHERE external_id LIKE 'old-%' AND external_id <> 'old-0'`,
  );
  expect(await service.app.get(PassRetention).runOnce()).toBe(1_499);
  const left = await service.sql(`SELECT external_id FROM flag WHERE external_id LIKE 'old-%' ORDER BY 1`);
  expect(left.map((row) => row.external_id)).toEqual(['old-0', 'old-reviewed']);
  const again = await service.do(key, FLAG, { input: output('old-1', { queue: null, output: 'other' }) });
  expect(again.flagOutput.duplicate).toBe(false);
});
