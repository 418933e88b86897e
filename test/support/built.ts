import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const root = path.resolve(import.meta.dirname, '../..');

/** Makes sure that dist/ is what the sources say; returns the path of a file in it. */
export function built(file: string): string {
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' });
  return path.join(root, 'dist', file);
}

/** A program that runs beside the test, as a person would start it. */
export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Everything it has said so far, on both outputs. */
  said(): string;
  /** Waits for its output to match; throws when it ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly as?: { uid: number; gid: number } | null;
  readonly cwd?: string;
}

export function run(args: string[], { env = {}, as, cwd }: RunOptions = {}): Program {
  const { PATH } = process.env;
  const options = { env: { PATH, ...env }, cwd, detached: true, uid: as?.uid, gid: as?.gid };
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  let isGone = false;
  void ended.then(() => (isGone = true));
  return {
    child,
    pid: child.pid ?? 0,
    said: () => output,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (isGone) throw new Error(`It ended without saying ${pattern}:\n${output}`);
        await pause(10);
      }
    },
    ended,
  };
}

/** Waits until something is so; what is waited for has no event that could be listened to. */
export async function until(isSo: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> {
  for (const end = Date.now() + patienceMs; !(await isSo()); await pause(10)) {
    if (Date.now() > end) throw new Error(`Not so after ${patienceMs} ms: ${isSo.toString()}`);
  }
}
