import 'reflect-metadata';

import fs from 'node:fs';

import { bootstrap } from './access/bootstrap.js';
import { ConfigError, readSettings, type Settings, settingsTable, unknownSettings } from './config.js';
import { Database } from './database/database.js';
import { StartError } from './database/start-error.js';
import { createLogger, type Logger } from './logging.js';
import { watchNpm } from './npm-parent.js';
import { type Started, Service } from './service.js';

/** What a person at the terminal should read; the log goes to standard output. */
const tell = (text: string) => process.stderr.write(`${text}\n`);

/** npm passes Ctrl-C on to us although the terminal did so too: two signals that close together are one wish. */
const SAME_WISH_MS = 500;

// The terminal may go away before we do; that is told by a signal and must not count as a fault.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

await main();

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(`${settingsTable()}\n`);
  try {
    const settings = readSettings(process.env);
    const logger = createLogger(settings);
    for (const name of unknownSettings(process.env)) {
      logger.warn(`${name} is no setting of this service and changes nothing; --help lists them.`);
    }
    await run(settings, logger);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    tell(error.message);
    process.exit(1);
  }
}

async function run(settings: Settings, logger: Logger): Promise<void> {
  const service = new Service(settings, logger);
  const end = once(async (code: number) => {
    await service.stop().catch((error: unknown) => logger.error(error, 'stopping failed'));
    logger.info('stopped');
    process.exit(code);
  });
  onSignals((signal) => {
    logger.info(`${signal}: stopping`);
    end(0);
  });
  watchNpm(() => {
    logger.info('npm ended: stopping');
    end(0);
  });
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      logger.fatal(error, event);
      end(1);
    });
  }
  try {
    await service.start(greet, (reason) => {
      logger.fatal(`PostgreSQL cannot be started again: ${reason}`);
      end(1);
    });
    logger.info('ready');
  } catch (error) {
    if (error instanceof StartError) tell(error.message);
    else logger.fatal(error, 'the service cannot start');
    end(1);
  }
}

/** The first signal stops in order, a second one at once; the embedded PostgreSQL ends itself when this process does. */
function onSignals(stop: (signal: string) => void): void {
  let since = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (since === 0) {
        since = performance.now();
        stop(signal);
      } else if (performance.now() - since > SAME_WISH_MS) {
        process.exit(130);
      }
    });
  }
}

async function greet({ app, config, url, dataDir }: Started): Promise<void> {
  const first = await bootstrap(app.get(Database), config);
  tell(`\nCountersign is ready at ${url}, ${sinceStart()} after the start.`);
  tell(`  page      ${url}/`);
  tell(`  GraphQL   ${url}/graphql   (API explorer: ${url}/explorer)`);
  tell(`  data      ${dataDir ?? 'in the database that DATABASE_URL names'}`);
  if (first) {
    tell(`\nThis is the first start. Keep these: they are shown once.`);
    tell(`  project   ${first.project}`);
    tell(`  sign in   ${url}${first.signInPath}   (within 15 minutes)`);
    tell(`  token     ${first.adminToken}   (yours, as the admin)`);
    tell(`  API key   ${first.apiKey}   (for your apps)`);
  }
  tell('');
}

/** Counted from `npm start`, the build included, when that is how we were started. */
function sinceStart(): string {
  const stamp = new URL('../.started', import.meta.url);
  let from = performance.timeOrigin;
  try {
    if (process.env.npm_lifecycle_event === 'start') from = Number(fs.readFileSync(stamp, 'utf8'));
  } catch {
    // Built by somebody else, into a folder that is not ours to write to: counted from the process.
  }
  return `${((Date.now() - from) / 1_000).toFixed(1)} s`;
}

function once(work: (code: number) => Promise<void>): (code: number) => void {
  let isBegun = false;
  return (code) => {
    if (isBegun) return;
    isBegun = true;
    void work(code);
  };
}
