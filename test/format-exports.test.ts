import 'reflect-metadata';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import canonicalizeModule from 'canonicalize';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { register } from '../src/cli/export.js';
import { casesFilesOf, companionsOf } from '../src/dataset/formats/format.js';
import { formats } from '../src/dataset/formats/index.js';
import { hostile } from './contract/hostile.mjs';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { expectedOf } from './support/format-expectations.js';
import { readers } from './support/format-readers.js';
import { startService, type TestService } from './support/service.js';

const canonicalize = canonicalizeModule as unknown as (value: unknown) => string;

let service: TestService;
let desk: Desk;
let folder: string;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service, { split: { train: 50, validation: 25, test: 25 } });
  const texts = [...hostile.values()].filter((text) => text.length < 10_000);
  await flag(
    desk,
    texts.map((text, i) => ({ input: text, output: text, ...(i % 2 && { context: [text] }), tags: ['hostile'] })),
  );
  await flag(desk, [
    { input: [{ role: 'user', content: texts[0] }], output: 'x' },
    { input: [{ role: 'tool', content: texts[1] }], output: 'x' },
    { input: { $ref: texts[2], [texts[3]!]: 1 }, output: { a: [null, texts[4]] }, traceId: '=1+1' },
  ]);
  let answered = 0;
  await review(desk, ({ output }) => {
    answered += 1;
    if (answered % 4 === 0) return { verdict: 'REJECTED' };
    return answered % 4 === 1 || typeof output !== 'string'
      ? { verdict: 'CONFIRMED' }
      : { verdict: 'CORRECTED', correctedOutput: `${output}!` };
  });
  await settle(desk);
});
afterAll(() => service?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-formats-'));
  vi.stubEnv('COUNTERSIGN_API_KEY', desk.app);
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function bytesOf(format: string, file: string, at: string): Promise<Buffer> {
  const response = await fetch(`${service.url}/export/cases?format=${format}&file=${file}&at=${at}`, {
    headers: { authorization: `Bearer ${desk.app}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${file}"`);
  return Buffer.from(await response.arrayBuffer());
}

test.each([...formats.values()])('$name goes through the command and over HTTP, exact or listed', async (format) => {
  const out = join(folder, 'out');
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(['export', 'cases', '--format', format.name, '--out', out], { from: 'user' });
  const names = [...casesFilesOf(format), ...companionsOf(format)];
  expect((await readdir(out)).sort()).toEqual([...names, 'manifest.json'].sort());
  const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
  const files = new Map<string, Buffer>();
  for (const name of names) files.set(name, await readFile(join(out, name)));
  for (const [name, bytes] of files)
    expect(bytes.equals(await bytesOf(format.name, name, manifest.at)), name).toBe(true);

  const records = new Map((await download(desk)).lines.map((record) => [record.id, record]));
  expect(manifest.count + manifest.skipped.length).toBe(records.size);
  const read = await readers[format.name]?.(files, manifest.rows);
  if (!read) return;
  expect(read.map(({ id }) => id).sort()).toEqual(manifest.rows.map((row: any) => row.case_id).sort());
  for (const record of read) {
    expect(canonicalize(record)).toBe(canonicalize(expectedOf(format.name, records.get(record.id))));
  }
});

test('a format whose lines name no case is not gone on with', async () => {
  const { status, json } = await download(desk, '?format=csv&after=019a0000-0000-7000-8000-000000000001');
  expect({ status, code: json.error.code }).toEqual({ status: 400, code: 'INVALID_INPUT' });
  expect(json.error.message).toMatch(/csv cannot be gone on with/);
});

test('training formats take nothing but the train split', async () => {
  for (const name of ['sft', 'dpo', 'trl-preference', 'trl-kto']) {
    const manifest = (await download(desk, `?format=${name}&file=manifest.json`)).json;
    expect(manifest.count).toBeGreaterThan(0);
    expect(new Set(manifest.rows.map((row: any) => row.split))).toEqual(new Set(['train']));
  }
});
