import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { StartError } from '../start-error.js';
import { identityOf, isSignalable } from './process-identity.js';

const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/**
 * Ends a PostgreSQL that a killed run left on this cluster. A process is touched only when it is provably that one:
 * it is named by the cluster's own pid file and works in the cluster's folder. Call it only as the folder's owner.
 */
export async function stopLeftover(cluster: string): Promise<void> {
  const pidFile = path.join(cluster, 'postmaster.pid');
  const pid = pidIn(pidFile);
  if (pid === null) return;
  if (worksIn(pid, cluster)) await end(pid);
  else if (isSignalable(pid)) disown(pidFile);
}

/** What the cluster says its process is, dead or alive; null when it shut down in order. */
function pidIn(pidFile: string): number | null {
  try {
    return Number.parseInt(fs.readFileSync(pidFile, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

function worksIn(pid: number, cluster: string): boolean {
  if (identityOf(pid) === null) return false;
  try {
    if (process.platform === 'linux') return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(cluster);
    if (process.platform === 'win32') return false;
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(`-D ${cluster} `);
  } catch {
    return false;
  }
}

async function end(pid: number): Promise<void> {
  const identity = identityOf(pid);
  for (const [signal, patience] of [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
  ] as const) {
    if (identityOf(pid) === identity) process.kill(pid, signal);
    for (let waited = 0; waited < patience; waited += 20) {
      if (identityOf(pid) !== identity) return;
      await sleep(20);
    }
  }
  throw new StartError(
    `PostgreSQL (process ${pid}) was left running by an earlier start and does not stop. End it first.`,
  );
}

/**
 * The pid file is stale, but its number now belongs to something else (or to a zombie), and PostgreSQL would refuse to
 * start because of it. The file also names the shared memory by which it notices orphaned backends, so it stays, with
 * a number that belongs to nobody.
 */
function disown(pidFile: string): void {
  const dead = spawnSync('/bin/sh', ['-c', ':']).pid;
  const [, ...rest] = fs.readFileSync(pidFile, 'utf8').split('\n');
  fs.writeFileSync(pidFile, [dead, ...rest].join('\n'));
}
