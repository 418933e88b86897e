import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { freePort, must, printed, startProcess } from './support/service.js';

/**
 * Taking outputs in, against the least that Postgres could do with the same rows on the same server in the same run:
 * single flags over HTTP against one INSERT each, batches of 1,000 against COPY. Rounds alternate; the median counts.
 *
 *   DATABASE_URL=postgres://… npm run bench -- flag --rounds 3 --seconds 4
 *
 * DATABASE_URL names a server where a database may be created; it is dropped at the end. Needs psql for COPY. The load
 * generator runs on the same machine, so with few cores both sides are slowed by it.
 */
const FLAG = 'mutation ($input: FlagOutputInput!) { flagOutput(input: $input) { decision duplicate item { id } } }';
const FLAGS = `mutation ($inputs: [FlagOutputInput!]!) {
  flagOutputs(inputs: $inputs) { rows { payload { duplicate item { id } } error { code } } } }`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    concurrency: { type: 'string', default: '64' },
    batches: { type: 'string', default: '12' },
  },
});
const [rounds, seconds, concurrency, batches] = [values.rounds, values.seconds, values.concurrency, values.batches].map(
  Number,
) as [number, number, number, number];

const server = process.env.DATABASE_URL;
if (!server) throw new Error('DATABASE_URL must name a server where a database may be created.');
const admin = new pg.Client(server);
await admin.connect();
const name = `countersign_bench_${randomBytes(4).toString('hex')}`;
await admin.query(`CREATE DATABASE ${name}`);
const databaseUrl = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const raw = new pg.Pool({ connectionString: databaseUrl, max: concurrency });
raw.on('error', () => undefined);
const service = await startProcess({
  port: await freePort(),
  env: {
    DATABASE_URL: databaseUrl,
    COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
    COUNTERSIGN_LOG_LEVEL: 'error',
    COUNTERSIGN_RATE_COST_PER_SECOND: '1000000000',
    COUNTERSIGN_RATE_BURST: '1000000000',
  },
});
const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });

try {
  const key = printed(service.output(), 'csk');
  await must(service.url, key, `mutation ($input: ApplySetupInput!) { applySetup(input: $input) { applied } }`, {
    input: { document: { queues: [{ key: 'bench', name: 'Bench', rubric: [] }] } },
  });
  await raw.query('CREATE TABLE raw (id uuid PRIMARY KEY, external_id text NOT NULL, payload json NOT NULL)');
  await warmUp(key);
  const figures: Record<string, number[]> = { flag: [], insert: [], flags: [], copy: [] };
  for (let round = 0; round < rounds; round++) {
    figures.insert!.push(await perSecond(insertOne));
    figures.flag!.push(await perSecond(() => flagOne(key)));
    figures.copy!.push(copyAll());
    figures.flags!.push(await flagAll(key));
    console.log(
      Object.entries(figures)
        .map(([what, found]) => `${what} ${found[round]}/s`)
        .join('   '),
    );
  }
  const [flag, insert, flags, copy] = ['flag', 'insert', 'flags', 'copy'].map((what) => median(figures[what]!));
  console.log(
    `flagOutput, ${concurrency} concurrent: ${flag}/s, ${(flag! / insert!).toFixed(2)} of one INSERT each (${insert}/s)`,
  );
  console.log(
    `flagOutputs of 1,000: ${flags} rows/s, ${(flags! / copy!).toFixed(2)} of COPY of the same rows (${copy}/s)`,
  );
} finally {
  agent.destroy();
  await service.kill('SIGTERM');
  await raw.end();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
}

/** One output of about two kilobytes, no two alike. */
function makeOutput() {
  const text = randomBytes(700).toString('base64');
  return {
    externalId: randomUUID(),
    queue: 'bench',
    source: 'bench',
    input: { question: text },
    output: { answer: text, sources: [] },
    confidence: 0.5,
    signals: [{ name: 'length', value: 3 }],
    tags: ['bench'],
  };
}

function insertOne(): Promise<unknown> {
  const output = makeOutput();
  const values = [randomUUID(), output.externalId, JSON.stringify(output)];
  return raw.query({ name: 'raw', text: 'INSERT INTO raw VALUES ($1, $2, $3)', values });
}

async function flagOne(key: string): Promise<void> {
  const answer = await post(key, { query: FLAG, variables: { input: makeOutput() } });
  if (answer.errors || answer.data.flagOutput.duplicate) throw new Error(JSON.stringify(answer));
}

async function flagAll(key: string): Promise<number> {
  const bodies = Array.from({ length: batches }, () => Array.from({ length: 1_000 }, makeOutput));
  const startedAt = performance.now();
  let next = 0;
  const sender = async () => {
    for (let inputs = bodies[next++]; inputs; inputs = bodies[next++]) {
      const answer = await post(key, { query: FLAGS, variables: { inputs } });
      const rows = answer.data?.flagOutputs.rows ?? [];
      if (rows.length !== 1_000 || rows.some((row: any) => row.error))
        throw new Error(JSON.stringify(answer).slice(0, 500));
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
  return Math.round((batches * 1_000) / ((performance.now() - startedAt) / 1_000));
}

/** In parts of 1,000 rows, each its own COPY and commit, through one psql, its start not counted. */
function copyAll(): number {
  const file = join(tmpdir(), `${name}.sql`);
  const parts = Array.from({ length: batches }, () => {
    const rows = Array.from({ length: 1_000 }, () => {
      const output = makeOutput();
      return `${randomUUID()}\t${output.externalId}\t${JSON.stringify(output)}`;
    });
    return `COPY raw FROM stdin;\n${rows.join('\n')}\n\\.\n`;
  });
  writeFileSync(
    file,
    `SELECT extract(epoch FROM clock_timestamp());\n${parts.join('')}SELECT extract(epoch FROM clock_timestamp());\n`,
  );
  const run = spawnSync('psql', [databaseUrl, '-qAtf', file], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`psql: ${run.error?.message ?? run.stderr}`);
  const [from, to] = run.stdout.trim().split('\n').map(Number) as [number, number];
  return Math.round((batches * 1_000) / (to - from));
}

async function perSecond(operation: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  let done = 0;
  const worker = async () => {
    for (; performance.now() < end; done++) await operation();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return Math.round(done / ((performance.now() - startedAt) / 1_000));
}

async function warmUp(key: string): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.all(Array.from({ length: concurrency }, () => flagOne(key)));
  await flagAll(key);
  await Promise.all(Array.from({ length: concurrency * 5 }, insertOne));
}

function median(found: readonly number[]): number {
  return found.toSorted((a, b) => a - b)[found.length >> 1]!;
}

/** node:http, since fetch costs several times as much and would be what is measured. */
function post(key: string, body: object): Promise<any> {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const request = http.request(`${service.url}/graphql`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    request.on('error', reject).end(text);
  });
}
