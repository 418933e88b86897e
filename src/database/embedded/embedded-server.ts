import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { StartError } from '../start-error.js';
import { accountFor, canEnter } from './account.js';
import { findBinaries } from './binaries.js';
import { type Cluster, clusterFolder, openCluster, passwordFile, writeSecret } from './cluster.js';
import { makeFolders } from './new-folder.js';
import { OwnerLock, ownerOf } from './owner-lock.js';
import { databaseUrl, type Postmaster, startPostmaster } from './postmaster.js';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** Told in a sentence what happens to PostgreSQL while the service runs. */
  readonly onNotice: (message: string) => void;
  /** PostgreSQL ended and could not be started again: the service cannot go on. */
  readonly onLost: (reason: string) => void;
}

const RESTART_DELAYS_MS = [0, 200, 1_000, 3_000, 10_000];
const DEFAULT_DATA_DIR = path.resolve('.countersign');
const SYSTEM_DATA_DIR = '/var/lib/countersign';

/**
 * The PostgreSQL that the service brings with it: owned by one service at a time, started and stopped with it,
 * started again on the same port when it dies, never left running.
 *
 * Tried on Linux. The paths for macOS and Windows are written and not tried; on Windows nothing ends PostgreSQL when
 * the service is killed, and the next start has to wait for an administrator to do so.
 */
export class EmbeddedServer {
  private isStopping = false;

  private constructor(
    readonly dataDir: string,
    private readonly lock: OwnerLock,
    private readonly cluster: Cluster,
    private postmaster: Postmaster,
  ) {}

  static async start(options: EmbeddedOptions): Promise<EmbeddedServer> {
    const dataDir = locateDataDir(options.dataDir);
    makeFolder(dataDir);
    const lock = OwnerLock.take(dataDir);
    try {
      const account = accountFor(clusterFolder(dataDir));
      if (account && !canEnter(account, dataDir)) {
        throw new StartError(
          `PostgreSQL refuses to run as root, and the account ${account.name} cannot enter ${dataDir}. ` +
            'Set COUNTERSIGN_DATA_DIR to a folder that others may enter, or start as an ordinary user.',
        );
      }
      const cluster = await openCluster(dataDir, findBinaries(account, dataDir), account);
      const server = new EmbeddedServer(dataDir, lock, cluster, await startPostmaster(cluster));
      lock.announce({ databasePort: server.postmaster.port });
      void server.watch(options);
      return server;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get url(): string {
    return databaseUrl(this.cluster, this.postmaster.port);
  }

  /** The secret of this data folder, made at the first call. */
  secret(): string {
    const file = secretFile(this.dataDir);
    if (!fs.existsSync(file)) writeSecret(file, randomBytes(32).toString('base64url'));
    return fs.readFileSync(file, 'utf8').trim();
  }

  /** Makes known to a second start where this service answers. */
  announce(url: string): void {
    this.lock.announce({ url });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.postmaster.stop();
    this.lock.release();
  }

  private async watch(options: EmbeddedOptions): Promise<void> {
    while (!this.isStopping) {
      const { code, signal } = await this.postmaster.exited;
      if (this.isStopping) return;
      options.onNotice(`PostgreSQL ended unexpectedly (${signal ?? `code ${code}`}); starting it again.`);
      const reason = await this.restart();
      if (this.isStopping) return;
      if (reason) return options.onLost(reason);
      options.onNotice(`PostgreSQL runs again on port ${this.postmaster.port}.`);
    }
  }

  /** Null when it runs again, otherwise the reason of the last failure. */
  private async restart(): Promise<string | null> {
    let reason: string | null = null;
    for (const delay of RESTART_DELAYS_MS) {
      await sleep(delay);
      if (this.isStopping) return null;
      try {
        this.postmaster = await startPostmaster(this.cluster, this.postmaster.port);
        return null;
      } catch (error) {
        reason = (error as Error).message;
      }
    }
    return reason;
  }
}

/** The secret that a data folder keeps, for tools beside the service; null when it keeps none. */
export function keptSecret(dataDir: string): string | null {
  const file = secretFile(locateDataDir(dataDir));
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : null;
}

function secretFile(dataDir: string): string {
  return path.join(dataDir, 'secret');
}

/** The database of the service that runs on a data folder, for tools beside it; null when none runs. */
export function runningDatabaseUrl(dataDir: string): string | null {
  const located = locateDataDir(dataDir);
  const owner = fs.existsSync(located) ? ownerOf(located) : null;
  if (!owner?.databasePort) return null;
  return databaseUrl({ password: fs.readFileSync(passwordFile(located), 'utf8').trim() }, owner.databasePort);
}

/**
 * Started by root in a folder that only root may enter (a clone in /root), the default data folder could not be
 * reached by PostgreSQL's account; then it is one under /var/lib, the same for the same clone.
 */
export function locateDataDir(dataDir: string): string {
  if (process.getuid?.() !== 0 || dataDir !== DEFAULT_DATA_DIR || fs.existsSync(dataDir)) return dataDir;
  const parent = path.dirname(dataDir);
  const account = accountFor(clusterFolder(dataDir));
  if (account === null || canEnter(account, parent)) return dataDir;
  const tag = createHash('sha256').update(parent).digest('hex').slice(0, 8);
  return path.join(SYSTEM_DATA_DIR, `${path.basename(parent)}-${tag}`);
}

function makeFolder(dataDir: string): void {
  try {
    // Whatever the umask: PostgreSQL's account, when it is another one, has to pass through.
    for (const made of makeFolders(dataDir)) fs.chmodSync(made, 0o755);
    fs.accessSync(dataDir, fs.constants.W_OK);
  } catch (error) {
    const { code, path: at = dataDir } = error as NodeJS.ErrnoException;
    throw new StartError(
      `The data folder ${dataDir} cannot be made or written to (${code}${at === dataDir ? '' : ` at ${at}`}). ` +
        'Set COUNTERSIGN_DATA_DIR to another folder.',
    );
  }
}
