import type { Settings } from '../config.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { checkServer } from './server-check.js';

/** The database that the settings chose, up and fit to be used. */
export interface ChosenDatabase {
  readonly url: string;
  readonly secret: string;
  /** Where the embedded PostgreSQL keeps its files; null when DATABASE_URL chose another. */
  readonly dataDir: string | null;
  /** Makes known to a second start on the same data folder where this service answers. */
  announce(serviceUrl: string): void;
  stop(): Promise<void>;
}

export interface Watcher {
  readonly onNotice: (message: string) => void;
  /** The database is gone for good: the service cannot go on. */
  readonly onLost: (reason: string) => void;
}

/** DATABASE_URL, or the PostgreSQL that the service brings. Throws a StartError that says what is in the way. */
export async function chooseDatabase(settings: Settings, watcher: Watcher): Promise<ChosenDatabase> {
  if (settings.databaseUrl !== null && settings.secret !== null) {
    await checkServer(settings.databaseUrl, watcher.onNotice);
    const { databaseUrl: url, secret } = settings;
    return { url, secret, dataDir: null, announce: () => undefined, stop: () => Promise.resolve() };
  }
  const embedded = await EmbeddedServer.start({ dataDir: settings.dataDir, ...watcher });
  return {
    url: embedded.url,
    secret: settings.secret ?? embedded.secret(),
    dataDir: embedded.dataDir,
    announce: (url) => embedded.announce(url),
    stop: () => embedded.stop(),
  };
}
