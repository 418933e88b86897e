import 'reflect-metadata';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { run } from './support/gate.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
let folder: string;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  await correct('first');
});
afterAll(() => service?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-if-changed-'));
  return () => rm(folder, { recursive: true });
});

async function correct(input: string): Promise<void> {
  await flag(desk, [{ input, output: 'wrong' }]);
  await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'right' }));
  await settle(desk);
}

async function exporting(...args: string[]): ReturnType<typeof run> {
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', desk.app);
  const result = await run(['export', 'cases', '--out', folder, '--if-changed', ...args]);
  vi.unstubAllEnvs();
  return result;
}

/** Exports and tells whether anything was written. */
async function exports(...args: string[]): Promise<boolean> {
  const { code, out, err } = await exporting(...args);
  expect([code, err.includes('Error')]).toEqual([0, false]);
  return !out.startsWith('Nothing changed');
}

test('only a dataset that changed is exported again', async () => {
  expect(await exports()).toBe(true);
  expect(await exports()).toBe(false);
  await correct('second');
  expect(await exports()).toBe(true);
  expect((await readFile(join(folder, 'cases.jsonl'), 'utf8')).split('\n')).toHaveLength(3);
  expect(await exports()).toBe(false);
});

test('another format, cases that were touched and files that are gone are exported again', async () => {
  expect(await exports()).toBe(true);
  expect(await exports('--format', 'promptfoo')).toBe(true);
  expect(await exports('--format', 'promptfoo')).toBe(false);
  await writeFile(join(folder, 'cases.jsonl'), '');
  expect(await exports('--format', 'promptfoo')).toBe(true);
  await rm(join(folder, 'README.md'));
  expect(await exports('--format', 'promptfoo')).toBe(true);
  await rm(folder, { recursive: true });
  expect(await exports('--format', 'promptfoo')).toBe(true);
  // Without a manifest of ours the files may be anybody's, and are not replaced.
  await writeFile(join(folder, 'manifest.json'), '{}');
  const { code, err } = await exporting('--format', 'promptfoo');
  expect([code, err]).toEqual([2, expect.stringContaining('has a manifest.json that no export wrote')]);
});

test('what people put into the other files stays while nothing changed', async () => {
  await exports('--format', 'promptfoo');
  await writeFile(join(folder, 'promptfooconfig.yaml'), 'mine');
  expect(await exports('--format', 'promptfoo')).toBe(false);
  expect(await readFile(join(folder, 'promptfooconfig.yaml'), 'utf8')).toBe('mine');
});
