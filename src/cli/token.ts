import type { Command } from 'commander';
import pg from 'pg';

import { type AdminAccess, issueAdminToken } from '../access/bootstrap.js';
import { readSettings } from '../config.js';
import { queryableOn } from '../database/database.js';
import { keptSecret, runningDatabaseUrl } from '../database/embedded/embedded-server.js';
import { CommandFailure } from './failure.js';

interface Options {
  readonly project: string;
  readonly member?: string;
}

/** Adds `countersign token`: the way back in for an admin who lost theirs. */
export function register(program: Command): void {
  program
    .command('token')
    .description('Make a new token for an admin. Needs the database and the secret of the service, not a key.')
    .option('--project <key>', 'the project', 'default')
    .option('--member <name>', 'which admin; the oldest active one if left out')
    .addHelpText(
      'after',
      '\nKeys are kept as HMACs, so a lost one cannot be shown again. Run it on the machine of the service, with the same' +
        '\nDATABASE_URL and COUNTERSIGN_SECRET, or the same data folder while the service runs.',
    )
    .action(async (options: Options) => print(await issue(options)));
}

async function issue({ project, member }: Options): Promise<AdminAccess> {
  const { url, secret } = databaseAndSecret();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await issueAdminToken({ transaction: (work) => transaction(client, work) }, { secret }, { project, member });
  } catch (error) {
    throw new CommandFailure(error instanceof Error ? error.message : String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function transaction<T>(client: pg.Client, work: (tx: ReturnType<typeof queryableOn>) => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const result = await work(queryableOn(client));
  await client.query('COMMIT');
  return result;
}

function databaseAndSecret(): { url: string; secret: string } {
  const { databaseUrl, dataDir, secret } = readSettings(process.env);
  const url = databaseUrl ?? runningDatabaseUrl(dataDir);
  const kept = secret ?? keptSecret(dataDir);
  if (url === null || kept === null) {
    throw new CommandFailure(
      `DATABASE_URL is not set, and no service runs on ${dataDir}: start it, or name its COUNTERSIGN_DATA_DIR.`,
    );
  }
  return { url, secret: kept };
}

/** The token alone goes to standard output, so that it can be piped; the rest is for people. */
function print({ project, member, adminToken, signInPath }: AdminAccess): void {
  process.stderr.write(`For ${JSON.stringify(member)}, an admin of the project ${project}. Shown once.\n`);
  process.stderr.write(`Sign in within 15 minutes, on the address of the service: ${signInPath}\n`);
  process.stdout.write(`${adminToken}\n`);
}
