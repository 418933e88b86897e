import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

import { StartError } from '../start-error.js';

/** The system account that PostgreSQL runs as; null when that is simply whoever runs the service. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** `postgres` comes last: an account of that name may own a real cluster, whose files ours could then read. */
const CANDIDATES = ['countersign', 'nobody', 'postgres'];

/** PostgreSQL refuses to run as root; started by root it runs as an account without rights. Nothing is created. */
export function accountFor(cluster: string): Account | null {
  if (process.platform === 'win32') return null;
  const me = process.getuid?.() ?? 0;
  const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid;
  if (me !== 0) {
    if (owner !== undefined && owner !== me) {
      throw new StartError(
        `${cluster} belongs to ${nameOf(owner)}, not to the account that starts the service. Start it as that account ` +
          '(or as root), or set COUNTERSIGN_DATA_DIR to another folder.',
      );
    }
    return null;
  }
  const known = accounts();
  const account =
    owner === undefined
      ? CANDIDATES.flatMap((name) => known.find((it) => it.name === name) ?? [])[0]
      : known.find((it) => it.uid === owner && it.uid !== 0);
  if (account) return account;
  throw new StartError(
    owner === undefined
      ? `PostgreSQL refuses to run as root, and none of the accounts ${CANDIDATES.join(', ')} exists. ` +
          'Start the service as an ordinary user, or set DATABASE_URL.'
      : `${cluster} belongs to ${nameOf(owner)}, which PostgreSQL cannot run as. Set COUNTERSIGN_DATA_DIR to another folder.`,
  );
}

/** Whether the account can enter that folder. */
export function canEnter(account: Account, folder: string): boolean {
  return asAccount(account, 'test -x "$0"', folder);
}

/** Whether the account can run that file. */
export function canRun(account: Account, file: string): boolean {
  return asAccount(account, 'test -r "$0" && test -x "$0"', file);
}

function asAccount({ uid, gid }: Account, test: string, file: string): boolean {
  return spawnSync('/bin/sh', ['-c', test, file], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

function nameOf(uid: number): string {
  return accounts().find((it) => it.uid === uid)?.name ?? `user ${uid}`;
}

function accounts(): Account[] {
  return fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [name, , uid, gid] = line.split(':');
      return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
    });
}
