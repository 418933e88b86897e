import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { StartError } from '../start-error.js';
import { identityOf } from './process-identity.js';

/** Who owns a data folder, as anybody who may look at the folder can read. Holds nothing secret. */
export interface Owner {
  readonly pid: number;
  readonly identity: string | null;
  readonly host: string;
  readonly since: string;
  /** Where the service answers; null while it starts. */
  readonly url: string | null;
  readonly databasePort: number | null;
  /** Set when the owner let go; the file stays, so that numbers only ever go up. */
  readonly released: boolean;
}

/** Another machine's (or container's) processes cannot be seen: its lock counts while it is touched this often. */
const TOUCH_MS = 3_000;
const FOREIGN_LOCK_MS = 15_000;

/**
 * One service at a time on a data folder.
 *
 * Node has no flock, so ownership is a numbered file, `owner-7`, made by link(2), which is atomic and never replaces.
 * The highest number is the owner. Whoever finds it dead or released makes the next number: of several that try at
 * once, one succeeds. The highest number is never deleted, so a slow contender cannot bring an old one back.
 * Known limit: two machines that share the folder are told apart only by the file's age.
 */
export class OwnerLock {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private owner: Owner,
  ) {
    this.heartbeat = setInterval(() => this.touch(), TOUCH_MS);
    this.heartbeat.unref();
  }

  /** Takes the folder, or throws a StartError that names its owner. */
  static take(folder: string): OwnerLock {
    const { number, owner: current, file } = highest(folder);
    if (current && isAlive(current, file)) throw new StartError(refusal(folder, current));
    const owner: Owner = {
      pid: process.pid,
      identity: identityOf(process.pid),
      host: os.hostname(),
      since: new Date().toISOString(),
      url: null,
      databasePort: null,
      released: false,
    };
    const next = path.join(folder, `owner-${number + 1}`);
    if (!createOnce(next, owner) || highest(folder).number !== number + 1) {
      throw new StartError(`Another service is just starting on ${folder}. Nothing was changed; try again.`);
    }
    for (const old of list(folder)) if (old.number <= number) fs.rmSync(old.file, { force: true });
    return new OwnerLock(next, owner);
  }

  /** Makes known where the service and its database answer. */
  announce(facts: { url?: string; databasePort?: number }): void {
    this.write({ ...this.owner, ...facts });
  }

  release(): void {
    clearInterval(this.heartbeat);
    this.write({ ...this.owner, released: true });
  }

  private write(owner: Owner): void {
    this.owner = owner;
    const aside = `${this.file}.${randomBytes(4).toString('hex')}.tmp`;
    fs.writeFileSync(aside, JSON.stringify(owner));
    fs.renameSync(aside, this.file);
  }

  private touch(): void {
    const now = new Date();
    fs.utimes(this.file, now, now, () => undefined);
  }
}

/** The live owner of a data folder, or null. */
export function ownerOf(folder: string): Owner | null {
  const { owner, file } = highest(folder);
  return owner && isAlive(owner, file) ? owner : null;
}

function isAlive(owner: Owner, file: string): boolean {
  if (owner.released) return false;
  if (owner.host !== os.hostname()) return Date.now() - fs.statSync(file).mtimeMs < FOREIGN_LOCK_MS;
  return identityOf(owner.pid) !== null && identityOf(owner.pid) === owner.identity;
}

function refusal(folder: string, owner: Owner): string {
  const where = owner.url ? `It answers at ${owner.url}` : 'It is still starting';
  const host = owner.host === os.hostname() ? '' : ` on ${owner.host}`;
  return (
    `A service already runs on ${folder}: process ${owner.pid}${host}, since ${owner.since}. ${where}.\n` +
    'Nothing was changed. Use that one, stop it first, or set COUNTERSIGN_DATA_DIR (and PORT) for a second service.'
  );
}

function list(folder: string): { number: number; file: string }[] {
  return fs.readdirSync(folder).flatMap((name) => {
    const match = /^owner-(\d{1,15})$/.exec(name);
    return match ? [{ number: Number(match[1]), file: path.join(folder, name) }] : [];
  });
}

function highest(folder: string): { number: number; file: string; owner: Owner | null } {
  const last = list(folder).reduce((best, it) => (it.number > best.number ? it : best), { number: 0, file: '' });
  try {
    return { ...last, owner: last.number === 0 ? null : (JSON.parse(fs.readFileSync(last.file, 'utf8')) as Owner) };
  } catch {
    // Gone since it was listed, or never written whole (a full disk): no owner that could be asked.
    return { ...last, owner: null };
  }
}

/** Makes the file with its whole content, or returns false when it is there already. */
function createOnce(file: string, owner: Owner): boolean {
  const aside = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  fs.writeFileSync(aside, JSON.stringify(owner));
  try {
    fs.linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}
