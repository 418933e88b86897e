import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { Role } from '../src/access/viewer.js';
import { ClaimService } from '../src/assignment/claim.service.js';
import { ClaimWriter } from '../src/assignment/claim.writer.js';
import { ExpiryService } from '../src/assignment/expiry.service.js';
import { releaseSql } from '../src/assignment/lease.sql.js';
import { MarkService } from '../src/assignment/mark.service.js';
import type { Reviewer } from '../src/assignment/reviewer.js';
import { NO_JIT } from '../src/database/data-source.js';
import { type Database, queryableOn } from '../src/database/database.js';
import { migrate } from '../src/database/migrate.js';
import type { LogHint } from '../src/log/hint.js';

/**
 * What a claim costs when the queue makes it hard, each time against the same claim on a queue that does not, in turns
 * and in one run. Without HTTP and GraphQL, which cost the same everywhere and would hide the differences.
 *
 *   DATABASE_URL=postgres://… npm run bench -- claim --deep 1000000 --foreign 200000 --own 10000 --dead 40000
 *
 * DATABASE_URL names a server where a database may be created; it is dropped at the end. Each claim is given back.
 */
const { values } = parseArgs({
  options: {
    shallow: { type: 'string', default: '1000' },
    deep: { type: 'string', default: '50000' },
    foreign: { type: 'string', default: '10000' },
    own: { type: 'string', default: '2000' },
    dead: { type: 'string', default: '5000' },
    claims: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
  },
});
const size = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])) as Record<
  keyof typeof values,
  number
>;

const server = process.env.DATABASE_URL;
if (!server) throw new Error('DATABASE_URL must name a server where a database may be created.');
const admin = new pg.Client(server);
await admin.connect();
const name = `countersign_bench_${randomBytes(4).toString('hex')}`;
await admin.query(`CREATE DATABASE ${name}`);
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const pool = new pg.Pool({ connectionString: url, max: 4, options: NO_JIT });
pool.on('error', () => undefined);

const database = {
  ...queryableOn(pool),
  async transaction<T>(work: (tx: ReturnType<typeof queryableOn>) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(queryableOn(client));
      await client.query('COMMIT');
      return result;
    } finally {
      client.release();
    }
  },
} as unknown as Database;
const hint = { wake: () => undefined } as unknown as LogHint;
const expiry = new ExpiryService(database, hint);
const claims = new ClaimService(database, expiry, new ClaimWriter(database, hint, new MarkService(database)));
let projectId = 0;
let rank = 0;

/** A queue and somebody who works it. */
interface Case {
  readonly queue: string;
  readonly queueId: string;
  readonly reviewer: Reviewer;
}

try {
  await migrate(url);
  [{ id: projectId }] = (await pool.query(`INSERT INTO project (key, name) VALUES ('bench', 'Bench') RETURNING id`))
    .rows as [{ id: number }];
  const easy = await makeCase(size.shallow);
  const deep = await makeCase(size.deep);
  const own = await makeCase(size.shallow, (made) => reviewed(made, size.own));
  const foreign = await makeCase(size.shallow, (made) => addLane(made, ['rare'], size.foreign));
  await pool.query('ANALYZE');
  await compare('a queue of one thousand', easy, [
    ['a deep queue', deep],
    ['own reviews at its head', own],
    ['a skill that is missing for its first tickets', foreign],
  ]);
  const [dead, alive] = [await makeCase(size.dead + size.shallow), await makeCase(size.shallow)];
  const old = new pg.Client(url);
  await old.connect();
  await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await old.query('SELECT count(*) FROM project');
  await pool.query(
    `DELETE FROM ticket t USING (SELECT t.item_id FROM ticket t JOIN lane l ON l.id = t.lane_id
                                  WHERE l.queue_id = $1 ORDER BY t.rank LIMIT $2) first WHERE t.item_id = first.item_id`,
    [dead.queueId, size.dead],
  );
  await expiry.runOnce();
  await compare('the same without', alive, [['an old snapshot that keeps taken tickets', dead]]);
  await old.end();
} finally {
  await pool.end();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
}

async function makeCase(tickets: number, before?: (made: Case) => Promise<void>): Promise<Case> {
  const [queueId, memberId] = [uuidv7(), uuidv7()];
  const queue = `q-${queueId.slice(-12)}`;
  await pool.query(
    `WITH q AS (INSERT INTO queue (project_id, id, key, name, rubric_version) VALUES ($1, $2, $3, $3, 1)),
          m AS (INSERT INTO member (project_id, id, name, role) VALUES ($1, $4::uuid, $4::uuid::text, 'REVIEWER'))
     INSERT INTO rubric (project_id, queue_id, version, fields, created_by) VALUES ($1, $2, 1, '[]', 'system')`,
    [projectId, queueId, queue, memberId],
  );
  const member = { id: memberId, name: memberId, role: Role.REVIEWER } as Reviewer['member'];
  const made = { queue, queueId, reviewer: { projectId, member } };
  await before?.(made);
  await addLane(made, [], tickets);
  return made;
}

async function addLane({ queueId }: Case, skills: string[], tickets: number): Promise<void> {
  await pool.query(`INSERT INTO lane (project_id, queue_id, skills) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    projectId,
    queueId,
    skills,
  ]);
  await pool.query(
    `WITH new AS MATERIALIZED (SELECT gen_random_uuid() AS id, $4::bigint + n AS rank FROM generate_series(1, $5::int) n),
          i AS (INSERT INTO item (project_id, id, external_id, queue_id, source, rank, reviews_required)
                SELECT $1, id, id::text, $2, 'bench', rank, 9 FROM new)
     INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
     SELECT $1, l.id, new.rank, new.id, 0 FROM new JOIN lane l ON l.project_id = $1 AND l.queue_id = $2 AND l.skills = $3`,
    [projectId, queueId, skills, rank, tickets],
  );
  rank += tickets;
}

/** Items at the head that the member has done with, while their tickets wait for others. */
async function reviewed(made: Case, items: number): Promise<void> {
  await addLane(made, [], items);
  await pool.query(
    `INSERT INTO skip (project_id, member_id, item_id) SELECT $1, $2, id FROM item WHERE project_id = $1 AND queue_id = $3`,
    [projectId, made.reviewer.member.id, made.queueId],
  );
}

async function compare(baseName: string, base: Case, cases: [string, Case][]): Promise<void> {
  const times = new Map<Case, number[]>([base, ...cases.map(([, one]) => one)].map((one) => [one, []]));
  for (const one of times.keys()) await medianClaim(one, 10);
  for (let round = 0; round < size.rounds; round += 1) {
    for (const [one, found] of times) found.push(await medianClaim(one, size.claims));
  }
  const baseline = middle(times.get(base)!);
  console.log(`${baseName}: ${baseline.toFixed(2)} ms a claim (median)`);
  for (const [what, one] of cases) {
    const median = middle(times.get(one)!);
    console.log(`  ${what}: ${median.toFixed(2)} ms, ${(median / baseline).toFixed(2)} of that`);
  }
}

async function medianClaim({ queue, reviewer }: Case, count: number): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    const { assignments } = await claims.claimNext(reviewer, queue, 1);
    took.push(performance.now() - start);
    const [held] = assignments;
    if (!held) throw new Error(`nothing to claim in ${queue}`);
    await database.query({ name: 'release', text: releaseSql }, [
      projectId,
      held.id,
      reviewer.member.id,
      held.leaseToken,
      false,
      null,
    ]);
  }
  return middle(took);
}

function middle(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1]!;
}
