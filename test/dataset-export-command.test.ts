import 'reflect-metadata';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { register } from '../src/cli/export.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
let folder: string;
let printed = '';
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  for (let i = 0; i < 40; i += 1) await flag(desk, [{ input: `question ${i}`, output: 'long '.repeat(4_000) + i }]);
  await review(desk, ({ input }) => ({ verdict: String(input).endsWith('9') ? 'REJECTED' : 'CONFIRMED' }));
  await settle(desk);
});
afterAll(() => service?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-export-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function exportTo(out: string, ...args: string[]): Promise<void> {
  vi.stubEnv('COUNTERSIGN_API_KEY', desk.app);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  register(program);
  await program.parseAsync(['export', 'cases', '--out', out, ...args], { from: 'user' });
}

async function exportFrom(url: string, ...args: string[]): Promise<string> {
  vi.stubEnv('COUNTERSIGN_URL', url);
  const out = join(folder, 'out');
  await exportTo(out, ...args);
  return out;
}

/** Passes requests on and cuts every answer after so many bytes; counts the requests for cases. */
async function cuttingProxy(cutAfter: number): Promise<{ url: string; server: Server; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    const upstream = request(`${service.url}${incoming.url}`, { headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      let sent = 0;
      answer.on('data', (chunk: Buffer) => {
        sent += chunk.length;
        if (sent <= cutAfter) outgoing.write(chunk);
        else if (!outgoing.destroyed) {
          outgoing.write(chunk.subarray(0, Math.max(0, cutAfter - sent + chunk.length)), () => outgoing.destroy());
        }
      });
      answer.on('end', () => outgoing.end());
    });
    upstream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked };
}

test.each([
  ['jsonl', ['cases.jsonl', 'manifest.json', 'manifest.schema.json', 'schema.json'], 40],
  ['promptfoo', ['README.md', 'cases.jsonl', 'manifest.json', 'promptfooconfig.yaml'], 36],
])('%s is written whole, checked and summed up', async (format, files, count) => {
  const out = await exportFrom(service.url, '--format', format);
  expect((await readdir(out)).sort()).toEqual(files);
  const { text } = await download(desk, `?format=${format}`);
  expect(await readFile(join(out, 'cases.jsonl'), 'utf8')).toBe(text);
  expect(printed).toContain(`${count} cases`);
  expect(printed).toContain('--since ');
  if (format === 'promptfoo') expect(printed).toContain('left out: 4, no expected output');
});

test('a connection that breaks again and again is taken up where it broke', async () => {
  const proxy = await cuttingProxy(300_000);
  const out = await exportFrom(proxy.url);
  proxy.server.close();
  expect(await readFile(join(out, 'cases.jsonl'), 'utf8')).toBe((await download(desk)).text);
  expect(proxy.asked.filter((url) => url.includes('after=')).length).toBeGreaterThan(1);
});

test('an interrupted run leaves nothing that looks finished, and the next one goes on', async () => {
  const whole = (await download(desk)).text;
  const at = (await download(desk)).headers.get('countersign-at');
  const out = join(folder, 'out');
  await exportFrom(service.url);
  await rm(join(out, 'manifest.json'));
  const partial = join(out, '.partial');
  await mkdir(partial);
  const wanted = { url: service.url, dataset: 'cases', format: 'jsonl', snapshot: null, since: null };
  await writeFile(join(partial, 'state.json'), JSON.stringify({ wanted, at }));
  await writeFile(join(partial, 'cases.jsonl'), whole.slice(0, 333_333));
  const proxy = await cuttingProxy(Number.POSITIVE_INFINITY);
  await writeFile(join(partial, 'state.json'), JSON.stringify({ wanted: { ...wanted, url: proxy.url }, at }));
  await exportFrom(proxy.url);
  proxy.server.close();
  expect(proxy.asked[0]).toContain('after=');
  expect(await readFile(join(out, 'cases.jsonl'), 'utf8')).toBe(whole);
  expect(await readdir(out)).not.toContain('.partial');
});

test('bytes that are not what the manifest says are not put in place', async () => {
  const at = (await download(desk)).headers.get('countersign-at');
  const out = join(folder, 'out');
  await mkdir(join(out, '.partial'), { recursive: true });
  const wanted = { url: service.url, dataset: 'cases', format: 'jsonl', snapshot: null, since: null };
  await writeFile(join(out, '.partial', 'state.json'), JSON.stringify({ wanted, at }));
  const [first] = (await download(desk)).lines;
  await writeFile(join(out, '.partial', 'cases.jsonl'), `${JSON.stringify({ ...first, verdict: 'REJECTED' })}\n`);
  await expect(exportFrom(service.url)).rejects.toThrow(/not what manifest.json says/);
  expect(await readdir(out)).toEqual([]);
});

test('another format in the same folder leaves nothing of the first, and what people put there', async () => {
  const out = await exportFrom(service.url, '--format', 'promptfoo');
  await writeFile(join(out, 'notes.txt'), 'mine');
  await writeFile(join(out, 'promptfooconfig.yaml'), 'changed by hand');
  const told: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  await exportFrom(service.url, '--format', 'jsonl');
  expect((await readdir(out)).toSorted()).toEqual([
    'cases.jsonl',
    'manifest.json',
    'manifest.schema.json',
    'notes.txt',
    'promptfooconfig.yaml',
    'schema.json',
  ]);
  expect(told.join('')).toContain('so kept: promptfooconfig.yaml\n');
});

test('a file that was changed by hand is kept beside the one that takes its name', async () => {
  const out = await exportFrom(service.url, '--format', 'promptfoo');
  const place = join(out, 'promptfooconfig.yaml');
  const [exported, told] = [await readFile(place, 'utf8'), [] as string[]];
  await writeFile(place, 'changed by hand');
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  await exportFrom(service.url, '--format', 'promptfoo');
  expect(await readFile(place, 'utf8')).toBe(exported);
  expect(await readFile(`${place}.before`, 'utf8')).toBe('changed by hand');
  expect(told.join('')).toContain('so kept: promptfooconfig.yaml.before\n');
});

test('what people put there under a name of ours is not replaced', async () => {
  for (const name of ['README.md', 'manifest.json']) {
    const out = join(folder, name);
    await mkdir(out);
    await writeFile(join(out, name), '{}');
    await expect(exportTo(out, '--format', 'sft')).rejects.toThrow(
      `--out ${out} has a ${name} that no export wrote, and this one would replace it. Name an empty or a new folder.`,
    );
    expect(await readdir(out)).toEqual([name]);
    expect(await readFile(join(out, name), 'utf8')).toBe('{}');
  }
});

test('a service that is not there is named, and nothing is left behind', async () => {
  const proxy = await cuttingProxy(0);
  await new Promise((resolve) => proxy.server.close(resolve));
  const told: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  await expect(exportFrom(proxy.url)).rejects.toThrow(
    `No answer from ${proxy.url} (ECONNREFUSED). Is the service running? COUNTERSIGN_URL says where it is.`,
  );
  expect(told.join('')).toMatch(/^(ECONNREFUSED; trying again in \d+\.\d s\n){5}$/);
  expect(await readdir(folder)).toEqual([]);
}, 30_000);

test('a folder that cannot be made, and a dataset without cases, are said in a sentence', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  for (const out of [file, join(file, 'out')]) {
    await expect(exportTo(out)).rejects.toThrow(`--out ${out} cannot be written to: a part of the path is no folder.`);
  }
  const at = (await download(desk)).headers.get('countersign-at')!;
  await exportFrom(service.url, '--since', at);
  expect(printed).toMatch(/^Nothing of cases changed since then/);
});

test('without a dataset, or with the name of none, it says which there are', async () => {
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  vi.stubEnv('COUNTERSIGN_API_KEY', desk.app);
  for (const [args, sentence] of [
    [['export'], 'Name a dataset to export. There are: cases.'],
    [['export', 'case', '--out', join(folder, 'out')], 'There is no dataset "case". There are: cases.'],
    [['export', 'cases'], 'Name the folder to write to: countersign export cases --out DIR'],
  ] as const) {
    const program = new Command().exitOverride();
    register(program);
    await expect(program.parseAsync([...args], { from: 'user' })).rejects.toThrow(sentence);
  }
  expect(await readdir(folder)).toEqual([]);
});

test('what cannot be is said in a sentence', async () => {
  await expect(exportFrom(service.url, '--format', 'xml')).rejects.toThrow(
    /no format "xml"; there are jsonl, promptfoo/,
  );
  await expect(exportFrom(service.url, '--snapshot', '9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  vi.stubEnv('COUNTERSIGN_URL', service.url);
  desk = { ...desk, app: 'csk_wrong' };
  await expect(exportFrom(service.url)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});
