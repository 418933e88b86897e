import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { readLines } from '../src/cli/flag.lines.js';
import { Mapping } from '../src/cli/flag.mapping.js';
import { main } from '../src/cli/main.js';
import { builtinSignals } from '../src/cli/signals.js';
import { makeQueue } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let folder: string;
beforeAll(async () => {
  service = await startService();
  await makeQueue(service);
  folder = mkdtempSync(join(tmpdir(), 'countersign-flag-'));
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(args: string[], key?: string): Promise<{ code: number; out: string; err: string }> {
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', key ?? (await service.key([ApiKeyScope.FLAG])));
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(['flag', ...args], '1.2.3');
  vi.restoreAllMocks();
  return { code: code || Number(process.exitCode ?? 0), out: out.join(''), err: err.join('') };
}

function write(name: string, lines: (string | Uint8Array)[]): string {
  const file = join(folder, name);
  writeFileSync(file, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  return file;
}

const MAPS = [
  'externalId=$.id',
  'input.question=$.q',
  'output=a["the answer"]',
  'source=:file',
  'confidence=$.p',
  'tags=$.kind',
  'tags=:imported',
  'signals.given=$.n',
  'model.name=:m',
  'model.version=$.v',
].flatMap((map) => ['--map', map]);
const WHOLE = { externalId: 'whole', source: 's', queue: 'answers', input: 'i', output: 'o' };
const line = (id: string, more: object = {}) =>
  JSON.stringify({
    id,
    q: `question ${id}`,
    a: { 'the answer': `answer ${id}` },
    p: '0.5',
    kind: 'k',
    n: 2,
    v: 3,
    ...more,
  });

test('a file is flagged with one command, bad lines are named with their reason, and a second run adds nothing', async () => {
  const lines: (string | Uint8Array)[] = Array.from({ length: 1_200 }, (_, i) => line(`a${i}`));
  lines.splice(3, 0, '{ broken');
  lines.splice(5, 0, new Uint8Array([0xff, 0xfe, 0x41]));
  lines.splice(7, 0, line('far', { p: 7 }));
  lines.splice(9, 0, line('', {}));
  lines.splice(11, 0, line('a1', { q: 'something else' }));
  lines.splice(13, 0, '');
  lines.splice(15, 0, line('lost').replace('"question lost"', '9007199254740993'));
  const file = write('mixed.jsonl', lines);
  const first = await run([
    file,
    '--queue',
    'answers',
    ...MAPS,
    '--signal',
    'hedging',
    '--signal',
    'words=output_words',
  ]);
  expect(first).toMatchObject({ code: 1 });
  expect(first.out).toMatch(/1206 lines in .* added 1200, duplicates 0, passed 0, conflicts 1, bad 5\n/);
  const rejects = readFileSync(`${file}.rejected.jsonl`, 'utf8').trim().split('\n');
  const rejected = rejects.map((text) => JSON.parse(text)).toSorted((a, b) => a.line - b.line);
  expect(rejected.map((reject) => [reject.line, reject.code])).toEqual([
    [4, 'INVALID_JSON'],
    [6, 'INVALID_INPUT'],
    [8, 'INVALID_INPUT'],
    [10, 'INVALID_INPUT'],
    [12, 'DUPLICATE_CONFLICT'],
    [16, 'INVALID_JSON'],
  ]);
  expect(rejected[2]).toMatchObject({ reason: 'confidence is 7; allowed is 0 to 1.', text: lines[7] });

  const again = await run([
    file,
    '--queue',
    'answers',
    ...MAPS,
    '--signal',
    'hedging',
    '--signal',
    'words=output_words',
  ]);
  expect(again.out).toMatch(/added 0, duplicates 1200, passed 0, conflicts 1, bad 5\n/);
  const [{ count }] = (await service.sql('SELECT count(*)::int FROM item')) as [{ count: number }];
  expect(count).toBe(1_200);
  const [item] = await service.sql(
    `SELECT i.*, e.input, e.output FROM item i JOIN evidence e ON e.item_id = i.id WHERE external_id = 'a7'`,
  );
  expect(item).toMatchObject({
    input: { question: 'question a7' },
    output: 'answer a7',
    source: 'file',
    confidence: 0.5,
    tags: ['k', 'imported'],
    model_name: 'm',
    model_version: '3',
    signals: [
      { name: 'given', value: 2 },
      { name: 'hedging', value: 0 },
      { name: 'words', value: 2 },
    ],
  });
});

test('without --map a line is the input itself; lines without ids get one from their place or content', async () => {
  const file = write('whole.jsonl', [JSON.stringify(WHOLE), JSON.stringify({ ...WHOLE, colour: 'red' })]);
  expect(await run([file])).toMatchObject({ code: 1, out: expect.stringContaining('added 1') });
  const bare = write('bare.jsonl', ['{"x":1}', '{"x":2}', '{"x":1}']);
  const maps = ['--map', 'input=$', '--map', 'output=x', '--map', 'source=:bare', '--queue', 'answers'];
  expect((await run([bare, '--map', 'externalId=#line', ...maps])).out).toContain('added 3, duplicates 0');
  expect((await run([bare, '--map', 'externalId=#hash', ...maps])).out).toContain('added 2, duplicates 1');
  const ids = await service.sql(
    `SELECT external_id FROM item WHERE source = 'bare' AND external_id LIKE 'bare%' ORDER BY 1`,
  );
  expect(ids.map((row) => row.external_id)).toEqual(['bare.jsonl:1', 'bare.jsonl:2', 'bare.jsonl:3']);
});

test('wrong usage is told with what is allowed', async () => {
  const file = write('one.jsonl', [line('one')]);
  expect(await run([file, '--map', 'colour=$.x'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('externalId'),
  });
  expect(await run([file, '--map', 'input=$.q'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--map is missing for externalId, source, output'),
  });
  expect(await run([file, '--map', 'input=$.q[x'])).toMatchObject({ code: 2, err: expect.stringContaining('[x') });
  expect(await run([file, '--signal', 'truth'])).toMatchObject({ code: 2, err: expect.stringContaining('hedging') });
  const nowhere = join(folder, 'nowhere.jsonl');
  expect(await run([nowhere])).toMatchObject({ code: 2, err: `${nowhere} cannot be read: it is not there.\n` });
  expect(await run([folder])).toMatchObject({ code: 2, err: `${folder} cannot be read: it is a folder.\n` });
  expect(await run([file], '')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^COUNTERSIGN_API_KEY is not set/),
  });
});

test('a file of rejects that cannot be made is told before the first line is sent, and none is left when none is needed', async () => {
  const file = write('rejects.jsonl', ['{ broken', JSON.stringify({ ...WHOLE, externalId: 'unsent' })]);
  for (const place of [join(folder, 'none', 'x'), folder, join(file, 'x')]) {
    const { code, out, err } = await run([file, '--rejects', place]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/, for refused lines, cannot be written: .*--rejects names another\.\n$/);
    expect(err.trim().split('\n')).toHaveLength(1);
  }
  expect(await service.sql(`SELECT FROM item WHERE external_id = 'unsent'`)).toHaveLength(0);
  const good = write('good.jsonl', [JSON.stringify({ ...WHOLE, externalId: 'good' })]);
  expect(await run([good])).toMatchObject({ code: 0 });
  expect(existsSync(`${good}.rejected.jsonl`)).toBe(false);
});

test('with a wrong key it says only that', async () => {
  const file = write('key.jsonl', [JSON.stringify(WHOLE)]);
  const { code, out, err } = await run([file], 'csk_1_x_y');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^UNAUTHENTICATED: .*\nSet COUNTERSIGN_API_KEY .*\n$/);
});

test('a line that is too long costs no memory and names its problem', async () => {
  async function* chunks() {
    yield Buffer.from('first\nse');
    for (let i = 0; i < 100; i++) yield Buffer.alloc(100, 'x');
    yield Buffer.from('\r\n\nlast');
  }
  const lines = [];
  for await (const read of readLines(chunks(), 1_000)) lines.push(read);
  expect(lines).toEqual([
    { number: 1, text: 'first', problem: null, end: 6 },
    { number: 2, text: '', problem: 'longer than 1,000 bytes', end: 10_010 },
    { number: 4, text: 'last', problem: null, end: 10_015 },
  ]);
});

test('signals measure what they say', () => {
  const measure = (name: string, input: string, output: string) => builtinSignals[name]!.measure({ input, output });
  expect(measure('output_words', '', 'One, two; three-four')).toBe(4);
  expect(measure('length_ratio', 'a b', 'a b c d')).toBe(2);
  expect(measure('hedging', '', 'It might be so, probably. Yes it is so.')).toBeCloseTo(22.2, 1);
  expect(measure('refusal', '', "I'm sorry, but I cannot do that.")).toBe(1);
  expect(measure('refusal', '', 'The capital is Paris.')).toBe(0);
  expect(measure('numbers', '', 'In 1999 there were 3,000 of them.')).toBeCloseTo(25, 0);
  expect(measure('overlap', 'capital of France', 'The capital is Paris')).toBe(0.5);
  expect(measure('repetition', '', 'a b c a b c')).toBe(0.25);
  for (const name of Object.keys(builtinSignals)) expect(Number.isFinite(measure(name, '', ''))).toBe(true);
});

test('a mapping reads quoted keys, indexes and whole lines, and refuses what has no value', () => {
  const outputFrom = (path: string, value: unknown) =>
    new Mapping({ maps: ['externalId=:x', 'source=:s', 'input=:i', `output=${path}`], signals: [] }).apply({
      value,
      text: JSON.stringify(value),
      place: 'file:1',
    }).output;
  expect(outputFrom('$["odd \\"key\\""][1].b', { 'odd "key"': [0, { b: 'found' }] })).toBe('found');
  expect(outputFrom('list[0][1]', { list: [[1, 2]] })).toBe(2);
  expect(outputFrom('$', { a: 1 })).toEqual({ a: 1 });
  expect(outputFrom(':{"a":1}', {})).toEqual({ a: 1 });
  expect(() => outputFrom('a.b', { a: null })).toThrow('output: there is nothing at a.b');
  expect(() => outputFrom('constructor', {})).toThrow('nothing at constructor');
});
