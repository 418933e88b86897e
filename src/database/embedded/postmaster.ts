import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { StartError } from '../start-error.js';
import { program } from './binaries.js';
import { type Cluster, DATABASE_USER, lastLines } from './cluster.js';
import { type Exit, type GuardedProcess, startGuarded } from './guarded-process.js';
import { stopLeftover } from './leftover.js';

/** One run of PostgreSQL on a cluster. */
export interface Postmaster {
  readonly port: number;
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const DATABASE = 'countersign';
const PORT_ATTEMPTS = 5;
const STOP_MS = 30_000;
/** Longest replay of the write-ahead log after a crash that is waited for. */
const RECOVERY_MS = 600_000;

const SETTINGS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};

export function databaseUrl(cluster: Pick<Cluster, 'password'>, port: number): string {
  return `postgres://${DATABASE_USER}:${cluster.password}@${HOST}:${port}/${DATABASE}`;
}

/** Starts PostgreSQL on the cluster and returns when it answers: on that port, or on any free one. */
export async function startPostmaster(cluster: Cluster, fixedPort?: number): Promise<Postmaster> {
  for (let attempt = 1; ; attempt += 1) {
    await stopLeftover(cluster.folder);
    const port = fixedPort ?? (await freePort());
    const logged = fs.statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0;
    const run = launch(cluster, port);
    if (await answers(cluster, port, run)) return { port, exited: run.exited, stop: () => stop(cluster, run) };
    const said = fs.readFileSync(cluster.logFile).subarray(logged).toString();
    // Somebody took the port between our choice and its bind, or a killed run's last processes are still leaving.
    const isPassing = /could not bind|Address already in use|is still in use/.test(said);
    if (!isPassing || attempt === PORT_ATTEMPTS) {
      throw new StartError(
        `PostgreSQL did not start. Its log ${cluster.logFile} ends with:\n${lastLines(cluster.logFile)}`,
      );
    }
    await sleep(100 * 2 ** attempt);
  }
}

function launch(cluster: Cluster, port: number): GuardedProcess {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = fs.openSync(cluster.logFile, 'a', 0o600);
  try {
    const args = ['-D', cluster.folder, '-p', String(port), ...settings];
    return startGuarded(program(cluster.native, 'postgres'), args, cluster.account, log);
  } finally {
    fs.closeSync(log);
  }
}

/** Waits for the database, made if it is not there yet. False when PostgreSQL ended instead. */
async function answers(cluster: Cluster, port: number, run: GuardedProcess): Promise<boolean> {
  let isGone = false;
  run.exited.then(
    () => (isGone = true),
    () => (isGone = true),
  );
  for (const since = Date.now(); !isGone; await sleep(20)) {
    try {
      await makeDatabase(cluster, port);
      return true;
    } catch (error) {
      if (!isGone && Date.now() - since > RECOVERY_MS) throw error;
    }
  }
  return false;
}

async function makeDatabase(cluster: Cluster, port: number): Promise<void> {
  const connection = { host: HOST, port, user: DATABASE_USER, password: cluster.password, database: 'postgres' };
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; made: boolean }>(
      `SELECT current_setting('data_directory') AS folder,
              EXISTS (SELECT FROM pg_database WHERE datname = $1) AS made`,
      [DATABASE],
    );
    // The same password on the same port, but another server: ours is about to end because it got no port.
    if (path.resolve(rows[0]?.folder ?? '') !== path.resolve(cluster.folder)) throw new Error('not our PostgreSQL');
    if (!rows[0]?.made) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stop(cluster: Cluster, run: GuardedProcess): Promise<void> {
  run.interrupt();
  const timer = new AbortController();
  await Promise.race([run.exited, sleep(STOP_MS, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
  // The guard itself may have been killed, or PostgreSQL not have listened.
  await stopLeftover(cluster.folder);
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
