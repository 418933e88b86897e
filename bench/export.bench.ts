import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { parseArgs } from 'node:util';

import pg from 'pg';

import { freePort, printed, type ServiceProcess, startProcess } from './support/service.js';

/**
 * How fast eval cases leave over HTTP, beside psql's COPY of the same rows: `npm run bench -- export --rows 1000000`.
 *
 * Needs DATABASE_URL (a server on which databases may be made) and psql on the PATH. Both are measured in turn, round
 * by round, on the same machine and server; the ratio of the medians is what counts. What is compressed is measured beside
 * `psql COPY | gzip -1`. Memory is the service's peak during each, in the order of the list, after one that is at rest.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '3' },
    bytes: { type: 'string', default: '1500' },
  },
});
const rows = Number(values.rows);
const adminUrl = process.env.DATABASE_URL;
if (!adminUrl) throw new Error('Set DATABASE_URL to a server on which databases may be made.');

const statement =
  'COPY (SELECT record FROM eval_case_revision ORDER BY project_id, dataset_id, case_id, revision) TO STDOUT';
const name = `countersign_bench_${randomBytes(4).toString('hex')}`;
const admin = new pg.Client(adminUrl);
await admin.connect();
await admin.query(`CREATE DATABASE ${name}`);
const url = new URL(adminUrl);
url.pathname = `/${name}`;
let service: ServiceProcess | null = null;
try {
  const env = { DATABASE_URL: url.href, COUNTERSIGN_SECRET: randomBytes(32).toString('hex') };
  service = await startProcess({ port: await freePort(), env });
  const key = printed(service.output(), 'csk');
  await fill();
  await measure(service, key);
} finally {
  await service?.kill('SIGTERM');
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
}

/** Rows as promotion leaves them, made by the database; texts differ, so that compression has something to do. */
async function fill(): Promise<void> {
  const db = new pg.Client(url.href);
  await db.connect();
  const [project, dataset, queue] = [`(SELECT min(id) FROM project)`, uuid('dd', '0'), uuid('aa', '0')];
  await db.query(`
    BEGIN;
    INSERT INTO queue (project_id, id, key, name, rubric_version) SELECT ${project}, ${queue}, 'bench', 'Bench', 1;
    INSERT INTO rubric (project_id, queue_id, version, fields, created_by) SELECT ${project}, ${queue}, 1, '[]', 'system';
    INSERT INTO dataset (project_id, id, key, name, salt, case_count, position)
      SELECT ${project}, ${dataset}, 'bench', 'Bench', repeat('0', 64), ${rows}, 1;
    COMMIT;
    INSERT INTO item (project_id, id, external_id, queue_id, source, rank, reviews_required, status, resolved_at)
      SELECT ${project}, ${uuid('11', 'n')}, n::text, ${queue}, 'bench', n, 1, 'RESOLVED', now()
      FROM generate_series(1, ${rows}) n;
    INSERT INTO eval_case (project_id, dataset_id, id, item_id, group_key, split, revision, content_hash)
      SELECT ${project}, ${dataset}, ${uuid('cc', 'n')}, ${uuid('11', 'n')}, n::text, 'test', 1, sha256(n::text::bytea)
      FROM generate_series(1, ${rows}) n;
    INSERT INTO eval_case_revision (project_id, dataset_id, case_id, revision, position, content_hash, split, verdict, record)
      SELECT ${project}, ${dataset}, ${uuid('cc', 'n')}, 1, 1, sha256(n::text::bytea), 'test', 'CONFIRMED',
        json_build_object('schema', 'countersign.eval_case/1', 'id', ${uuid('cc', 'n')}, 'revision', 1,
          'content_hash', 'sha256:' || encode(sha256(n::text::bytea), 'hex'),
          'input', json_build_object('kind', 'text', 'text', (SELECT string_agg(md5(n::text || m), ' ')
            FROM generate_series(1, ${Math.ceil(Number(values.bytes) / 33)}) m)),
          'expected', json_build_object('kind', 'text', 'text', md5(n::text)),
          'observed', json_build_object('kind', 'text', 'text', md5(n::text)),
          'verdict', 'CONFIRMED', 'assertions', json_build_array(json_build_object('kind', 'exact')), 'tags', '[]'::json,
          'split', 'test', 'group_key', n::text, 'provenance', json_build_object('source', 'bench'))::text
      FROM generate_series(1, ${rows}) n;
    UPDATE dataset SET largest_record = (SELECT max(record_bytes) FROM eval_case_revision);
    ANALYZE`);
  await db.end();
}

function uuid(kind: string, number: string): string {
  return `('${kind}000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

async function measure({ url: base, pid }: ServiceProcess, key: string): Promise<void> {
  const none = (): number[] => [];
  let bytes = 0;
  const fetched = (query: string, encoding = 'identity') => fetchAll(`${base}/export/bench${query}`, key, encoding);
  const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
    copy: () => sh(`psql '${url.href}' -q -c '${statement}' > /dev/null`),
    jsonl: async () => (bytes = await fetched('')),
    promptfoo: () => fetched('?format=promptfoo'),
    manifest: () => fetched('?file=manifest.json'),
    'copy|gzip': () => sh(`psql '${url.href}' -q -c '${statement}' | gzip -1 > /dev/null`),
    gzip: () => fetched('', 'gzip'),
  };
  const seconds = Object.fromEntries(Object.keys(kinds).map((what) => [what, none()]));
  const peaks = new Map<string, number>();
  const atRest = forgetPeak(pid);
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const [what, work] of Object.entries(kinds)) {
      forgetPeak(pid);
      seconds[what]?.push(await timed(work));
      peaks.set(what, Math.max(peaks.get(what) ?? 0, megabytes(pid, 'VmHWM')));
    }
    console.log(
      `round ${round}: ${Object.entries(seconds)
        .map(([what, all]) => `${what} ${all.at(-1)?.toFixed(2)} s`)
        .join(', ')}`,
    );
  }
  const floors = [median(seconds.copy ?? []), median(seconds['copy|gzip'] ?? [])];
  console.log(`${rows.toLocaleString('en')} rows, ${(bytes / 1e6).toFixed(0)} MB`);
  for (const [what, all] of Object.entries(seconds)) {
    const time = median(all);
    const rate = Math.round(rows / time).toLocaleString('en');
    const ratios = floors.map((floor) => (floor / time).toFixed(2));
    console.log(
      `${what.padEnd(10)} ${time.toFixed(2)} s  ${rate} rows/s  ${ratios[0]} of psql COPY, ${ratios[1]} of COPY | gzip -1`,
    );
  }
  const list = [...peaks].filter(([what]) => !what.startsWith('copy')).map(([what, peak]) => `${what} ${peak} MB`);
  console.log(`resident memory of the service: ${atRest} MB at rest; at most ${list.join(', ')}`);
}

async function sh(command: string): Promise<void> {
  const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

/** The bytes that arrived; throws when the answer broke off. */
function fetchAll(from: string, key: string, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'accept-encoding': encoding };
    get(from, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 && response.trailers['countersign-sha256']) resolve(bytes);
        else reject(new Error(`status ${response.statusCode}`));
      });
    }).on('error', reject);
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Starts the peak anew, because starting a process takes more than running it; returns what it holds now. */
function forgetPeak(pid: number): number {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Without it the peak is that of the start, if that was higher.
  }
  return megabytes(pid, 'VmRSS');
}

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const found = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Math.round(Number(found?.[1]) / 1_024);
  } catch {
    // Told by /proc alone.
    return Number.NaN;
  }
}
