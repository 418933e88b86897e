import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { StartError } from './start-error.js';

const OLDEST = 150_000;
const PATIENCE_MS = 30_000;

interface Facts {
  readonly version: number;
  readonly name: string;
  readonly encoding: string;
  readonly is_replica: boolean;
}

/** Makes sure that the database is there and one that the service can live on; says what is wrong otherwise. */
export async function checkServer(databaseUrl: string, onNotice: (message: string) => void): Promise<void> {
  const facts = await ask(databaseUrl, onNotice);
  if (facts.version < OLDEST) {
    throw new StartError(`DATABASE_URL leads to PostgreSQL ${facts.name}; the service needs 15 or newer.`);
  }
  if (facts.encoding !== 'UTF8') {
    throw new StartError(
      `The database is encoded in ${facts.encoding}, which cannot hold every text. Create it with ENCODING 'UTF8'.`,
    );
  }
  if (facts.is_replica)
    throw new StartError('DATABASE_URL leads to a read-only replica; the service needs the primary.');
}

async function ask(databaseUrl: string, onNotice: (message: string) => void): Promise<Facts> {
  for (let waited = 0; ; waited += 500) {
    try {
      return await factsOf(databaseUrl);
    } catch (error) {
      if (!isAway(error) || waited >= PATIENCE_MS) throw unusable(databaseUrl, error as Error);
      if (waited === 0) onNotice(`The database at ${placeOf(databaseUrl)} does not answer yet; waiting.`);
      await sleep(500);
    }
  }
}

async function factsOf(databaseUrl: string): Promise<Facts> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<Facts>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name,
              current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS is_replica`,
    );
    return rows[0] as Facts;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Not started yet, or starting: worth waiting for. A wrong password or name is not. */
function isAway(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  return ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03'].includes(code);
}

function unusable(databaseUrl: string, error: Error): StartError {
  const reason = error.message || (error as NodeJS.ErrnoException).code || 'no answer';
  return new StartError(`The database at ${placeOf(databaseUrl)} (DATABASE_URL) cannot be used: ${reason}.`);
}

/** Host, port and name: what may be shown of the URL, which holds a password. */
function placeOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
