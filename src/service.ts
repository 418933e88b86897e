import type { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { NestExpressApplication } from '@nestjs/platform-express';

import { completeConfig, type Config, type Settings } from './config.js';
import { chooseDatabase, type ChosenDatabase } from './database/chosen-database.js';
import { migrate } from './database/migrate.js';
import { Front } from './health/front.js';
import { Readiness } from './health/readiness.js';
import type { Logger } from './logging.js';

export interface Started {
  readonly app: NestExpressApplication;
  readonly config: Config;
  readonly url: string;
  readonly dataDir: string | null;
}

/** Beside the built service; there is nothing there when it runs from its sources. */
const BUILT_PAGES = path.resolve(import.meta.dirname, '../web');

/** After the time for requests under way is over, what is left of the app gets this long to close. */
const CLOSE_MS = 3_000;

/**
 * One process of the service, from the database up. It listens before it migrates, so that /readyz can say why it is
 * not ready, and it stops from the top down: no new requests, those under way, then the database.
 */
export class Service {
  private readonly readiness = new Readiness();
  private readonly front = new Front(this.readiness);
  private readonly sockets = new Set<Socket>();
  private database: ChosenDatabase | null = null;
  private app: NestExpressApplication | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly logger: Logger,
  ) {
    this.front.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** `onReady` runs when everything works, before /readyz says so. `onLost` is called when the database is gone for good. */
  async start(onReady: (started: Started) => Promise<void>, onLost: (reason: string) => void): Promise<void> {
    const { settings, logger } = this;
    const onNotice = (message: string) => logger.warn(message);
    // Loading the app takes as long as starting PostgreSQL: both at once.
    const loading = import('./app.js');
    loading.catch(() => undefined);
    this.database = await chooseDatabase(settings, { onNotice, onLost });
    const port = await this.front.listen(settings.port, settings.host);
    const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
    this.database.announce(url);
    await migrate(this.database.url, (message) => logger.info(message));

    const config = completeConfig({ ...settings, port }, this.database.url, this.database.secret);
    const { createApp } = await loading;
    const app = await createApp(config, { logger, server: this.front.server, pages: BUILT_PAGES });
    // An app that does not come up closes itself.
    await app.init();
    this.app = app;
    await onReady({ app, config, url, dataDir: this.database.dataDir });
    this.front.handTo(app.getHttpAdapter().getInstance());
    this.readiness.serve(config.databaseUrl);
  }

  /** Ends everything, whatever had been started. Less than a second when idle; never much more than drainSeconds. */
  async stop(): Promise<void> {
    const drainMs = this.settings.drainSeconds * 1_000;
    const closing = Promise.all([this.readiness.drain(), this.app?.close() ?? this.front.server.close()]);
    const cut = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), drainMs);
    const bound = new AbortController();
    const late = sleep(drainMs + CLOSE_MS, undefined, { signal: bound.signal }).then(
      () => this.logger.error('The service did not close in time; its database is stopped all the same.'),
      () => undefined,
    );
    await Promise.race([closing, late]).catch((error: unknown) => this.logger.error(error, 'closing failed'));
    clearTimeout(cut);
    bound.abort();
    await this.database?.stop();
  }
}
