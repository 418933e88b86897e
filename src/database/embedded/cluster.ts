import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { StartError } from '../start-error.js';
import type { Account } from './account.js';
import { program } from './binaries.js';
import { startGuarded } from './guarded-process.js';

/** A PostgreSQL data directory, the programs that fit it, and the account that owns it. */
export interface Cluster {
  readonly folder: string;
  readonly native: string;
  readonly account: Account | null;
  readonly password: string;
  readonly logFile: string;
}

export const DATABASE_USER = 'countersign';

const UNFINISHED = 'postgres.unfinished';

export const clusterFolder = (dataDir: string) => path.join(dataDir, 'postgres');
export const passwordFile = (dataDir: string) => path.join(dataDir, 'postgres-password');
const logFileOf = (dataDir: string) => path.join(dataDir, 'postgres.log');

/** The cluster of a data folder; made when there is none yet. Call it only as the folder's owner. */
export async function openCluster(dataDir: string, native: string, account: Account | null): Promise<Cluster> {
  const folder = clusterFolder(dataDir);
  keepLogSmall(logFileOf(dataDir));
  const password = fs.existsSync(folder) ? passwordOf(dataDir) : await initialise(dataDir, native, account);
  checkMajor(folder, native);
  return { folder, native, account, password, logFile: logFileOf(dataDir) };
}

function passwordOf(dataDir: string): string {
  try {
    return fs.readFileSync(passwordFile(dataDir), 'utf8').trim();
  } catch {
    throw new StartError(
      `${clusterFolder(dataDir)} is there, but its password file ${passwordFile(dataDir)} cannot be read. ` +
        'Put the file back, start as the account that made it, or move both away to start afresh.',
    );
  }
}

/**
 * Made under another name and moved into place when whole, its password written before: a run that is killed half-way
 * leaves nothing that looks finished.
 */
async function initialise(dataDir: string, native: string, account: Account | null): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const aside = path.join(dataDir, UNFINISHED);
  fs.rmSync(aside, { recursive: true, force: true, maxRetries: 20 });
  fs.mkdirSync(aside, { mode: 0o700 });
  writeSecret(path.join(aside, 'password'), password);
  if (account) for (const it of [aside, path.join(aside, 'password')]) fs.chownSync(it, account.uid, account.gid);

  const [cluster, pwfile] = [path.join(aside, 'cluster'), path.join(aside, 'password')];
  const log = fs.openSync(logFileOf(dataDir), 'a', 0o600);
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '-E', 'UTF8'];
  const args = ['-D', cluster, '-U', DATABASE_USER, '-A', 'scram-sha-256', `--pwfile=${pwfile}`, ...locale];
  const { code } = await startGuarded(program(native, 'initdb'), args, account, log).exited.finally(() =>
    fs.closeSync(log),
  );
  if (code !== 0) throw new StartError(`PostgreSQL could not make its files:\n${lastLines(logFileOf(dataDir))}`);

  fs.rmSync(passwordFile(dataDir), { force: true });
  writeSecret(passwordFile(dataDir), password);
  fs.renameSync(cluster, clusterFolder(dataDir));
  fs.rmSync(aside, { recursive: true, force: true });
  return password;
}

/** A new file that only its owner can read. */
export function writeSecret(file: string, text: string): void {
  fs.writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
}

/** The files of one major version cannot be read by another; PG_VERSION is where PostgreSQL writes its own down. */
function checkMajor(folder: string, native: string): void {
  const found = fs.readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim();
  const brought = majorOf(native);
  if (found === brought) return;
  throw new StartError(
    `${folder} was made by PostgreSQL ${found}, and this release brings ${brought}, which cannot read it. ` +
      'Start the release that made it and export, or serve the folder with that PostgreSQL and set DATABASE_URL.',
  );
}

function majorOf(native: string): string {
  // Named by the catalogue that initdb fills a new cluster from; cheaper than starting the program to ask.
  const head = Buffer.alloc(64);
  const file = fs.openSync(path.join(native, 'share', 'postgresql', 'postgres.bki'), 'r');
  fs.readSync(file, head, 0, head.length, 0);
  fs.closeSync(file);
  return /^# PostgreSQL (\d+)/.exec(head.toString())?.[1] ?? 'an unknown version';
}

function keepLogSmall(file: string): void {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 10_485_760 || !isWritable(file)) fs.renameSync(file, `${file}.1`);
}

/** A start by root may have left it behind in a folder that is otherwise ours. */
function isWritable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.W_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** The end of PostgreSQL's own log: what a person needs to see when it does not start. */
export function lastLines(file: string): string {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
