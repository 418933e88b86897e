import fs from 'node:fs';

import { identityOf } from './database/embedded/process-identity.js';

const POLL_MS = 500;

/**
 * `npm start` puts npm and a shell above this process. When npm is told to end it tells the shell, and the shell ends
 * without telling us; killed, neither says anything. Nobody who ended npm wants the service to go on, so it watches
 * both and calls `onGone` once when either has ended. Run without npm it watches nobody.
 */
export function watchNpm(onGone: () => void): void {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  const npm = npmAbove(parent);
  const identity = npm === null ? null : identityOf(npm);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || identityOf(npm) === identity)) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

/** npm's process, among the parent and its parent. Null where that cannot be told: then the parent alone is watched. */
function npmAbove(parent: number): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = fs.readFileSync(`/proc/${parent}/stat`, 'utf8');
    const grandparent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return [parent, grandparent].find((pid) => /^npm\b/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) ?? null;
  } catch {
    return null;
  }
}
