import type { Command } from 'commander';
import pg from 'pg';

import { readSettings } from '../config.js';
import type { Queryable } from '../database/database.js';
import { runningDatabaseUrl } from '../database/embedded/embedded-server.js';
import { type CountDifference, recount } from '../insight/recount.js';
import { type ChainReport, verifyChain } from '../log/verify.js';

/** 0: all is well. */
export const EXIT = { BROKEN: 1, USAGE: 2, NOT_CHECKED: 3 } as const;

export interface Output {
  out(line: string): void;
  /** Shown now and then while it runs; an empty text ends it. */
  progress(text: string): void;
}

/** Finds the database to check; the embedded server's when there is no DATABASE_URL. */
export type FindDatabase = () => Promise<string>;

/**
 * Adds `countersign verify-log`. It opens one connection of its own and only reads, so it can run beside the service.
 */
export function register(program: Command, findDatabase: FindDatabase = fromEnvironment): void {
  program
    .command('verify-log')
    .description('Check that the log is whole and unchanged, and that all counters are what the tables say.')
    .option('--project <key>', 'only this project; all if left out')
    .addHelpText(
      'after',
      '\nEnds with 0 when all is well, 1 when something is broken (the first bad event is named), 2 for wrong usage,' +
        '\n3 when it could not check. Keep the printed head hash elsewhere: it proves later that nothing before it changed.',
    )
    .action(async (options: { project?: string }) => {
      process.exitCode = await verifyLog(findDatabase, options.project ?? null, onTerminal());
    });
}

export async function verifyLog(find: FindDatabase, projectKey: string | null, output: Output): Promise<number> {
  let client: pg.Client | null = null;
  try {
    client = new pg.Client({ connectionString: await find(), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    // One snapshot for everything, so that a service at work changes nothing under the check.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await verifyProjects(client, projectKey, output);
  } catch (error) {
    output.out(`could not check: ${error instanceof Error ? error.message || String(error) : String(error)}`);
    return EXIT.NOT_CHECKED;
  } finally {
    await client?.end().catch(() => undefined);
  }
}

async function verifyProjects(client: pg.Client, projectKey: string | null, output: Output): Promise<number> {
  const { rows } = await client.query<{ id: number; key: string }>(
    `SELECT p.id, p.key FROM project p WHERE $1::text IS NULL OR p.key = $1 ORDER BY p.id`,
    [projectKey],
  );
  if (rows.length === 0 && projectKey !== null) {
    output.out(`There is no project "${projectKey}".`);
    return EXIT.USAGE;
  }
  let isWhole = true;
  const tx: Queryable = {
    query: async (statement, params = []) =>
      (await client.query(typeof statement === 'string' ? statement : statement.text, [...params])).rows,
  };
  for (const { id, key } of rows) {
    const report = await verifyChain(tx, id, (seq, head) => output.progress(`${key}: ${seq} of ${head} events`));
    const differences = await recount(tx, id);
    output.progress('');
    for (const line of describe(key, report, differences)) output.out(line);
    isWhole &&= report.fault === null && differences.length === 0;
  }
  return isWhole ? 0 : EXIT.BROKEN;
}

function describe(key: string, report: ChainReport, differences: readonly CountDifference[]): string[] {
  const { fault, events, oldest, head, headHash } = report;
  const chain = fault
    ? `${key}: BROKEN at event ${fault.seq}: it ${fault.problem}; ${events} events before it are good`
    : `${key}: ok, ${events} events${events > 0 ? ` from ${oldest} to ${head}` : ''}, head ${headHash}`;
  const counters = differences.map(
    ({ queueId, counter, kept, counted }) =>
      `${key}: BROKEN counter ${counter} of queue ${queueId}: it says ${kept}, the tables say ${counted}`,
  );
  return [chain, ...counters];
}

/** Results on stdout, progress on stderr: in place on a terminal, a line every two seconds elsewhere. */
function onTerminal(): Output {
  const isTerminal = process.stderr.isTTY;
  let shownAt = Date.now();
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    progress: (text) => {
      if (isTerminal) process.stderr.write(`\r\u001B[K${text}`);
      else if (text !== '' && Date.now() - shownAt > 2_000) {
        process.stderr.write(`${text}\n`);
        shownAt = Date.now();
      }
    },
  };
}

/** DATABASE_URL, or the PostgreSQL of the service that runs on the data folder. */
async function fromEnvironment(): Promise<string> {
  // The service's other settings, its secret among them, are no concern of this check.
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { dataDir } = readSettings(process.env);
  const url = runningDatabaseUrl(dataDir);
  if (url === null)
    throw new Error(
      `DATABASE_URL is not set, and no service runs on ${dataDir}: start it, or name its COUNTERSIGN_DATA_DIR.`,
    );
  return url;
}
