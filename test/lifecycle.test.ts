import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

import pg from 'pg';
import { afterEach, beforeAll, expect, inject, test, vi } from 'vitest';

import { identityOf } from '../src/database/embedded/process-identity.js';
import { MIGRATION_LOCK } from '../src/database/migrate.js';
import { built, type Program, root, run, until } from './support/built.js';
import { createDatabase, type TestDatabase } from './support/database.js';

// Whole starts, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let main: string;
const cleanups: (() => unknown)[] = [];

beforeAll(() => {
  main = built('src/main.js');
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function start(env: NodeJS.ProcessEnv): Program {
  const program = run([main], { env: { PORT: '0', ...env } });
  cleanups.push(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-lifecycle-'));
  fs.chmodSync(made, 0o755);
  cleanups.push(() => fs.rmSync(made, { recursive: true, force: true, maxRetries: 20 }));
  return made;
}

/** A service on a database of the test server, so that no start has to make one. */
async function onDatabase(env: NodeJS.ProcessEnv = {}): Promise<{ program: Program; database: TestDatabase }> {
  const database = await createDatabase();
  cleanups.push(() => database.drop());
  return { program: start({ DATABASE_URL: database.url, COUNTERSIGN_SECRET: 's'.repeat(32), ...env }), database };
}

async function urlOf(program: Program): Promise<string> {
  return (await program.says(/ready at (\S+),/))[1]!;
}

async function status(url: string): Promise<number> {
  return (await fetch(url)).status;
}

const VIEWER = JSON.stringify({ query: '{ viewer { project } }' });

function ask(url: string, headers: Record<string, string> = {}, query = ''): Promise<Response> {
  return fetch(`${url}/graphql${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: VIEWER,
  });
}

test('a first start prints how to use it, serves, survives the loss of PostgreSQL, and leaves nothing running', async () => {
  const dataDir = path.join(folder(), 'data');
  const program = start({ COUNTERSIGN_DATA_DIR: dataDir });
  const url = await urlOf(program);
  const [, token] = await program.says(/token +(cst_\S+)/);
  const [, key] = await program.says(/API key +(csk_\S+)/);
  await program.says(/"msg":"ready"/);
  expect(program.said()).toContain(dataDir);
  expect(await status(`${url}/readyz`)).toBe(200);
  expect(await status(`${url}/livez`)).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^log_lag_seconds \d/m);
  for (const credential of [token, key]) {
    const answer = await (await ask(url, { authorization: `Bearer ${credential}` })).json();
    expect(answer).toEqual({ data: { viewer: { project: 'default' } } });
  }

  const postmaster = () => Number.parseInt(fs.readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
  process.kill(postmaster(), 'SIGKILL');
  await program.says(/PostgreSQL runs again/);
  await until(async () => (await ask(url, { authorization: `Bearer ${key}` })).status === 200);

  const pid = postmaster();
  program.child.kill('SIGINT');
  // npm passes the terminal's Ctrl-C on: the same wish twice.
  program.child.kill('SIGINT');
  expect(await program.ended).toBe(0);
  expect(identityOf(pid)).toBeNull();

  const again = start({ COUNTERSIGN_DATA_DIR: dataDir });
  expect((await ask(await urlOf(again), { authorization: `Bearer ${key}` })).status).toBe(200);
  expect(again.said()).not.toMatch(/cst_|csk_/);
});

test('no credential that is presented, however, is ever in the log; the request id is', async () => {
  const { program } = await onDatabase({ COUNTERSIGN_LOG_LEVEL: 'trace' });
  const url = await urlOf(program);
  const [, key] = await program.says(/API key +(csk_\S+)/);
  const wrong = `${key!.slice(0, -8)}ZZZZZZZZ`;
  const before = program.said().length;
  const named = await ask(url, { authorization: `Bearer ${key}`, 'x-request-id': 'from-the-caller-1' });
  expect(named.headers.get('x-request-id')).toBe('from-the-caller-1');
  const odd = await ask(url, { authorization: `Bearer ${wrong}`, 'x-request-id': `x y ${key}` });
  expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  await ask(url, { cookie: `countersign_session=${key}; session=${key}`, origin: url });
  await ask(url, { authorization: `Basic ${key}` }, `?key=${key}`);
  await fetch(`${url}/export/x?token=${key}`, { headers: { authorization: `Bearer ${wrong}` } });
  await fetch(`${url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: `{"${key}` });
  await program.says(/"requestId":"from-the-caller-1"/);
  await program.says(/"path":"\/export\/x/);
  const log = program.said().slice(before);
  for (const secret of [key!, wrong]) expect(log).not.toContain(secret.slice(-20));
});

test('it is alive but not ready while another instance migrates', async () => {
  const database = await createDatabase();
  cleanups.push(() => database.drop());
  const holder = new pg.Client(database.url);
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  const port = await freePort();
  const program = start({ DATABASE_URL: database.url, COUNTERSIGN_SECRET: 's'.repeat(32), PORT: String(port) });
  await program.says(/Another instance is migrating/);
  const url = `http://127.0.0.1:${port}`;
  expect(await status(`${url}/livez`)).toBe(200);
  expect(await status(`${url}/readyz`)).toBe(503);
  expect(await status(`${url}/graphql`)).toBe(503);
  await holder.end();
  await urlOf(program);
  await until(async () => (await status(`${url}/readyz`)) === 200);
});

test('without its database it is not ready and stays alive, and is ready again by itself', async () => {
  const { program, database } = await onDatabase();
  const url = await urlOf(program);
  await until(async () => (await status(`${url}/readyz`)) === 200);
  const admin = new pg.Client(inject('adminUrl'));
  await admin.connect();
  cleanups.push(() => admin.end());
  const name = new URL(database.url).pathname.slice(1);
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  const cut = () => admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await until(async () => {
    await cut();
    return (await status(`${url}/readyz`)) === 503;
  });
  expect(await status(`${url}/livez`)).toBe(200);
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
  await until(async () => (await status(`${url}/readyz`)) === 200);
});

/** A request whose body has only half arrived. */
async function halfARequest(url: string): Promise<{ socket: net.Socket; finish(): Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  const head = `POST /graphql HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: ${VIEWER.length}\r\n\r\n${VIEWER.slice(0, 5)}`);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)));
  // Answered on a second connection: by then the first one's request is under way.
  await status(`${url}/livez`);
  return {
    socket,
    finish() {
      socket.write(VIEWER.slice(5));
      return closed;
    },
  };
}

test('a stop answers what is under way and takes nothing new', async () => {
  const { program } = await onDatabase();
  const url = await urlOf(program);
  const request = await halfARequest(url);
  program.child.kill('SIGTERM');
  await until(() =>
    fetch(`${url}/livez`).then(
      () => false,
      () => true,
    ),
  );
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 \d+ .*UNAUTHENTICATED/s);
  expect(await program.ended).toBe(0);
  expect(JSON.parse(program.said().trim().split('\n').at(-1)!)).toMatchObject({ msg: 'stopped' });
});

test('a stop waits no longer than it may; a second signal does not wait at all', async () => {
  const bounded = await onDatabase({ COUNTERSIGN_DRAIN_SECONDS: '1' });
  await halfARequest(await urlOf(bounded.program));
  bounded.program.child.kill('SIGTERM');
  expect(await bounded.program.ended).toBe(0);

  const patient = await onDatabase({ COUNTERSIGN_DRAIN_SECONDS: '600' });
  await halfARequest(await urlOf(patient.program));
  patient.program.child.kill('SIGTERM');
  await patient.program.says(/stopping/);
  // The second wish must be told from an echo of the first, so it is repeated until it counts.
  await until(() => !patient.program.child.kill('SIGTERM'));
  expect(await patient.program.ended).toBe(130);
});

test('npm start ends with npm, however npm ends', async () => {
  const database = await createDatabase();
  cleanups.push(() => database.drop());
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: '0', DATABASE_URL: database.url, COUNTERSIGN_SECRET: 's'.repeat(32) };
  const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('"msg":"ready"'), 100_000);
  const pid = Number(/"pid":(\d+)/.exec(output)?.[1]);
  expect(identityOf(pid)).not.toBeNull();
  npm.kill('SIGKILL');
  await until(() => identityOf(pid) === null);
});

test('what is in the way of a start is said in words', async () => {
  const bad = start({ PORT: 'http', COUNTERSIGN_POOL_SIZE: '0' });
  expect(await bad.ended).toBe(1);
  expect(bad.said()).toMatch(/PORT: "http".*65535.*\n.*COUNTERSIGN_POOL_SIZE: "0"/);
  expect(bad.said()).not.toMatch(/\n\s+at /);

  const taken = net.createServer().listen(0, '127.0.0.1');
  cleanups.push(() => taken.close());
  await until(() => taken.listening);
  const { port } = taken.address() as net.AddressInfo;
  const { program } = await onDatabase({ PORT: String(port) });
  expect(await program.ended).toBe(1);
  expect(program.said()).toContain(`Port ${port} on 127.0.0.1 is taken`);
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await until(() => server.listening);
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
