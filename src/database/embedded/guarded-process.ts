import { type ChildProcess, spawn } from 'node:child_process';

import type { Account } from './account.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedProcess {
  readonly exited: Promise<Exit>;
  /** Asks it to end: PostgreSQL shuts down cleanly, without waiting for its clients. */
  interrupt(): void;
}

/**
 * A shell stands between us and the program and holds one end of a pipe. However this process dies, kill -9 included,
 * the pipe closes and the program is told to end. Both are in a session of their own, so that a terminal's Ctrl-C
 * reaches only us and the order of the shutdown stays ours.
 */
const GUARD =
  'exec 3<&0; "$0" "$@" </dev/null 3<&- & p=$!; (read -r _ <&3; kill -INT $p) 2>/dev/null & w=$!; ' +
  'wait $p; s=$?; kill $w 2>/dev/null; exit $s';

/** Starts a program of PostgreSQL with its output appended to the open file `log`. */
export function startGuarded(command: string, args: string[], account: Account | null, log: number): GuardedProcess {
  const { uid, gid } = account ?? {};
  const child =
    process.platform === 'win32'
      ? spawn(command, args, { stdio: ['ignore', log, log], windowsHide: true })
      : spawn('/bin/sh', ['-c', GUARD, command, ...args], {
          uid,
          gid,
          cwd: '/',
          // Only what PostgreSQL needs: the service's own secrets are none of its business.
          env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
          detached: true,
          stdio: ['pipe', log, log],
        });
  child.stdin?.on('error', () => undefined);
  return { exited: exitOf(child), interrupt: () => (child.stdin ? child.stdin.destroy() : child.kill('SIGINT')) };
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      child.stdin?.destroy();
      resolve({ code, signal });
    });
  });
}
