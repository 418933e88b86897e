import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { LogRetention } from '../src/log/retention.js';
import { Sequencer } from '../src/log/sequencer.js';
import { SEQUENCER_LOCK } from '../src/log/sequencer.sql.js';
import { until } from './support/built.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import {
  claim,
  codeOf,
  type Held,
  leaseOf,
  letExpire,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const VERDICTS = ['CONFIRMED', 'CORRECTED', 'REJECTED'] as const;
const ITEMS = 40;

let service: TestService;
let key: string;
let manager: TestMember;
let queue: TestQueue;
let reviewers: TestMember[];

/** The same choices in every run. */
let state = 7;
function below(end: number): number {
  state = (state * 48_271) % 0x7fffffff;
  return state % end;
}

beforeAll(async () => {
  service = await startService();
  key = await service.key();
  manager = await service.member({ role: Role.MANAGER });
  queue = await makeQueue(service, { reviewsRequired: 3 });
  reviewers = await Promise.all(['=1+1', 'Bob, "the" B', 'Cé', 'Dan', 'Eve'].map((name) => service.member({ name })));
  const inputs = Array.from({ length: ITEMS }, (_, n) =>
    output(`item-${n}`, {
      queue: queue.key,
      model: n % 4 === 0 ? null : { name: 'gpt', version: `${n % 2}` },
      prompt: n % 3 === 0 ? { name: 'p"1"', version: '1' } : null,
    }),
  );
  await service.do(key, FLAG_MANY, { inputs });
  await Promise.all(reviewers.map(workThrough));
  await decideDisputes();
  await service.app.get(Sequencer).runOnce();
});
afterAll(() => service?.stop());

/** Claims until nothing is left, and now and then skips, releases or lets a lease run out. */
async function workThrough(reviewer: TestMember): Promise<void> {
  for (let claims = 0; claims < 200; claims += 1) {
    const { assignments } = await claim(service, reviewer, { queue: queue.key, count: 1 + below(3) });
    if (assignments.length === 0) return;
    for (const held of assignments) await dealWith(reviewer, held);
  }
}

async function dealWith(reviewer: TestMember, held: Held): Promise<void> {
  const choice = below(12);
  if (choice === 0) return letExpire(service, held);
  if (choice <= 2) {
    await onLease(service, reviewer, 'releaseAssignment', { ...leaseOf(held), skip: choice === 1 });
    return;
  }
  const seconds = 1 + below(600);
  await service.sql(`UPDATE assignment SET claimed_at = now() - make_interval(secs => $2) WHERE id = $1`, [
    held.id,
    seconds,
  ]);
  const verdict = VERDICTS[below(3)]!;
  await submit(service, reviewer, held, { verdict, ...(verdict === 'CORRECTED' && { correctedOutput: below(2) }) });
}

/** Some are adjudicated, one is withdrawn, and an answer is revised: as a manager's later decision would be. */
async function decideDisputes(): Promise<void> {
  const disputed = await service.sql<any>(`SELECT id FROM item WHERE status = 'NEEDS_ADJUDICATION' ORDER BY id`);
  expect(disputed.length).toBeGreaterThan(3);
  // The first stays as it is.
  const [, withdrawn, ...rest] = disputed.map((row) => row.id as string);
  await service.do(key, `mutation ($id: ID!) { withdrawItem(input: { itemId: $id }) { item { id } } }`, {
    id: withdrawn,
  });
  for (const itemId of rest) {
    await service.do(
      manager.token,
      `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { id } } }`,
      { input: { itemId, verdict: 'REJECTED' } },
    );
  }
}

const PERIOD = `$queue: String!, $from: DateTime, $to: DateTime`;
const STATS = `query (${PERIOD}) { reviewerStats(queue: $queue, from: $from, to: $to) {
  member { id name } reviews medianMs p90Ms skipped expired released
  peerAgreement { value compared } resolutionAgreement { value compared } } }`;
const COUNTS = `confirmed corrected rejected correctionRate`;
const FLOW = `arrived resolved withdrawn reviews resolutionMedianMs resolutionP90Ms reviewMedianMs reviewP90Ms`;
const TRENDS = `query (${PERIOD}) { queueTrends(queue: $queue, from: $from, to: $to) {
  from to open arrivalsPerHour resolutionsPerHour expectedWaitSeconds ${FLOW} days { day ${FLOW} }
  versions { kind version { name version } ${COUNTS} days { day ${COUNTS} } } } }`;

const statsFor = async (who: TestMember, more: object = {}) =>
  (await service.do<any>(who.token, STATS, { queue: queue.key, ...more })).reviewerStats;
const trends = async (more: object = {}) =>
  (await service.do<any>(manager.token, TRENDS, { queue: queue.key, ...more })).queueTrends;

/** The nearest rank, from the numbers themselves. */
function rank(numbers: readonly number[], share: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.ceil(share * numbers.length) - 1]!;
}
const near = (found: number, exact: number) => expect(Math.abs(found / exact - 1)).toBeLessThan(0.046);

test('the figures are what the rows say, reviewer by reviewer', async () => {
  const reviews = await service.sql<any>(
    `SELECT r.*, s.verdict AS final FROM review r LEFT JOIN resolution s USING (project_id, item_id)`,
  );
  const events = await service.sql<any>(`SELECT kind, data ->> 'memberId' AS member FROM event`);
  const stats = await statsFor(manager);
  expect(stats.map((one: any) => one.member.id).sort()).toEqual(reviewers.map((one) => one.id).sort());
  expect(stats.map((one: any) => one.reviews)).toEqual(
    stats.map((one: any) => one.reviews).sort((a: number, b: number) => b - a),
  );
  for (const found of stats) {
    const own = reviews.filter((row) => row.member_id === found.member.id);
    const resolved = own.filter((row) => row.final !== null);
    const pairs = resolved.flatMap((mine) =>
      reviews.filter((r) => r.item_id === mine.item_id && r.id !== mine.id).map((r) => r.verdict === mine.verdict),
    );
    const happened = (kind: string) => events.filter((e) => e.kind === kind && e.member === found.member.id).length;
    expect(found).toMatchObject({
      reviews: own.length,
      peerAgreement: { value: pairs.filter(Boolean).length / pairs.length, compared: pairs.length },
      resolutionAgreement: {
        value: resolved.filter((row) => row.verdict === row.final).length / resolved.length,
        compared: resolved.length,
      },
      skipped: happened('ASSIGNMENT_SKIPPED'),
      released: happened('ASSIGNMENT_RELEASED'),
      expired: happened('ASSIGNMENT_EXPIRED'),
    });
    const durations = own.map((row) => row.duration_ms as number);
    near(found.medianMs, rank(durations, 0.5));
    near(found.p90Ms, rank(durations, 0.9));
  }
});

test('the trends of the queue are what the rows say, by model and prompt too', async () => {
  const items = await service.sql<any>(
    `SELECT i.*, s.verdict, extract(epoch FROM i.resolved_at - i.created_at) * 1000 AS took
       FROM item i LEFT JOIN resolution s ON s.item_id = i.id`,
  );
  const resolved = items.filter((item) => item.verdict !== null);
  const found = await trends();
  expect(found).toMatchObject({
    arrived: ITEMS,
    resolved: resolved.length,
    withdrawn: 1,
    open: ITEMS - resolved.length - 1,
    reviews: (await service.sql(`SELECT FROM review`)).length,
  });
  near(
    found.resolutionMedianMs,
    rank(
      resolved.map((item) => Number(item.took)),
      0.5,
    ),
  );
  near(
    found.resolutionP90Ms,
    rank(
      resolved.map((item) => Number(item.took)),
      0.9,
    ),
  );
  expect(found.days.length).toBeGreaterThanOrEqual(30);
  expect(found.days.reduce((sum: number, day: any) => sum + day.arrived, 0)).toBe(ITEMS);

  const counts = (of: any[]) => ({
    confirmed: of.filter((item) => item.verdict === 'CONFIRMED').length,
    corrected: of.filter((item) => item.verdict === 'CORRECTED').length,
    rejected: of.filter((item) => item.verdict === 'REJECTED').length,
  });
  expect(found.versions.length).toBe(3);
  for (const { kind, version, days, ...rest } of found.versions) {
    const column = kind === 'MODEL' ? 'model' : 'prompt';
    const own = resolved.filter(
      (item) => item[`${column}_name`] === version.name && item[`${column}_version`] === version.version,
    );
    const expected = counts(own);
    expect(rest).toEqual({ ...expected, correctionRate: expected.corrected / own.length });
    expect(days.reduce((sum: number, day: any) => sum + day.rejected, 0)).toBe(expected.rejected);
  }
});

test('a pace is told only when an hour was seen, and by the hours that were', async () => {
  const setAge = (hours: number) =>
    service.sql(`UPDATE queue SET created_at = now() - make_interval(mins => $2) WHERE id = $1`, [
      queue.id,
      hours * 60,
    ]);
  const unknown = { arrivalsPerHour: null, resolutionsPerHour: null, expectedWaitSeconds: null };
  expect(await trends()).toMatchObject({ arrived: ITEMS, ...unknown });
  await setAge(0.5);
  expect(await trends()).toMatchObject({ arrived: ITEMS, ...unknown });
  await setAge(20);
  const found = await trends();
  // However slow the machine, less than two hours passed meanwhile.
  for (const [rate, many] of [
    [found.arrivalsPerHour, ITEMS],
    [found.resolutionsPerHour, found.resolved],
  ]) {
    expect(rate).toBeLessThanOrEqual(many / 20);
    expect(rate).toBeGreaterThan(many / 22);
  }
  expect(found.expectedWaitSeconds).toBeCloseTo((found.open / found.resolutionsPerHour) * 3600, 6);
});

test('a recount finds no difference, and finds one that is made', async () => {
  expect(await differences(service)).toEqual([]);
  const row = `measure = 'PEER_SAME' AND subject = '${reviewers[0]!.id}'`;
  await service.sql(`UPDATE tally SET n = n + 1 WHERE ${row}`);
  const [difference, ...others] = await differences(service);
  expect(others).toEqual([]);
  expect(difference).toMatchObject({ queueId: queue.id, counter: expect.stringContaining('PEER_SAME on ') });
  expect(difference!.kept).toBe(difference!.counted + 1);
  await service.sql(`UPDATE tally SET n = n - 1 WHERE ${row}`);
  expect(await differences(service)).toEqual([]);
});

test('a recount is right too while events wait for their place in the log', async () => {
  const sequencer = new pg.Client(service.database.url);
  await sequencer.connect();
  await sequencer.query(`SELECT pg_advisory_lock($1, $2)`, [SEQUENCER_LOCK, service.projectId]);
  const more = { queue: queue.key, model: { name: 'm', version: '1' } };
  await service.do(key, FLAG_MANY, { inputs: ['a', 'b', 'c', 'd'].map((id) => output(id, more)) });
  for (const reviewer of reviewers) await workThrough(reviewer);
  const [{ waiting }] = await service.sql<any>(
    `SELECT count(*)::integer AS waiting FROM outbox WHERE kind IN ('ITEM_RESOLVED', 'REVIEW_SUBMITTED')`,
  );
  const found = await differences(service);
  await sequencer.end();
  expect(waiting).toBeGreaterThan(0);
  expect(found).toEqual([]);
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
});

test('when a final answer is revised, its predecessor no longer counts', async () => {
  const revise = (id: string, verdict: string, revision: number) =>
    service.sql(
      `WITH r AS (UPDATE resolution SET verdict = $2, revision = $3 WHERE item_id = $1)
       INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
       SELECT project_id, 'ITEM_RESOLVED', 'system', id, queue_id,
              json_build_object('verdict', $2::text, 'by', 'ADJUDICATION', 'revision', $3::integer, 'from', 'RESOLVED')
         FROM item WHERE id = $1`,
      [id, verdict, revision],
    );
  const [{ item_id: id }] = await service.sql<any>(
    `SELECT item_id FROM resolution s JOIN item i ON i.id = s.item_id WHERE s.verdict = 'CONFIRMED' AND i.model_name IS NOT NULL LIMIT 1`,
  );
  const before = await trends();
  await revise(id, 'REJECTED', 1);
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
  // Two more, of which one batch of the log makes one.
  await revise(id, 'CONFIRMED', 2);
  await revise(id, 'REJECTED', 3);
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
  const after = await trends();
  const rejected = (of: any) =>
    of.versions.reduce((sum: number, one: any) => sum + (one.kind === 'MODEL' ? one.rejected : 0), 0);
  expect(after.resolved).toBe(before.resolved);
  expect(rejected(after)).toBe(rejected(before) + 1);
});

test('a period counts its days only', async () => {
  await service.sql(`UPDATE tally SET day = day - 2 WHERE subject = $1`, [reviewers[0]!.id]);
  const today = new Date().toISOString().slice(0, 10);
  const stats = await statsFor(manager, { from: `${today}T12:00:00Z`, to: `${today}T12:00:01Z` });
  expect(stats.map((one: any) => one.member.id)).not.toContain(reviewers[0]!.id);
  expect(stats.length).toBe(4);
  expect((await statsFor(manager)).length).toBe(5);
  await service.sql(`UPDATE tally SET day = day + 2 WHERE subject = $1`, [reviewers[0]!.id]);
});

test('a reviewer sees only themselves; viewers and keys that only read see nobody', async () => {
  const [own, ...others] = await statsFor(reviewers[1]!);
  expect(own.member.id).toBe(reviewers[1]!.id);
  expect(others).toEqual([]);
  const viewer = await service.member({ role: Role.VIEWER });
  expect(codeOf(await service.ask(viewer.token, STATS, { queue: queue.key }))).toBe('FORBIDDEN');
  expect(codeOf(await service.ask(reviewers[1]!.token, TRENDS, { queue: queue.key }))).toBe('FORBIDDEN');
  expect(codeOf(await service.ask(manager.token, TRENDS, { queue: 'none' }))).toBe('NOT_FOUND');
});

test('the CSV holds the same figures, and nothing that a spreadsheet would run', async () => {
  const get = (token: string, parameters: string) =>
    fetch(`${service.url}/insight/reviewers.csv?${parameters}`, { headers: { authorization: `Bearer ${token}` } });
  const response = await get(manager.token, `queue=${queue.key}`);
  expect(response.headers.get('content-type')).toContain('text/csv');
  const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
  expect(header).toBe(
    'member_id,name,reviews,median_ms,p90_ms,peer_agreement,peer_pairs,resolution_agreement,resolutions_compared,skipped,expired,released,gold_answered,gold_accuracy,gold_low,gold_high,paused_at',
  );
  const stats = await statsFor(manager);
  const names: Record<string, string> = { '=1+1': `"'=1+1"`, 'Bob, "the" B': '"Bob, ""the"" B"' };
  expect(lines).toEqual(
    stats.map(({ member, peerAgreement: p, resolutionAgreement: r, ...one }: any) =>
      [
        member.id,
        names[member.name] ?? member.name,
        one.reviews,
        one.medianMs,
        one.p90Ms,
        p.value,
        p.compared,
        r.value,
        r.compared,
        one.skipped,
        one.expired,
        one.released,
        '0,,,,',
      ].join(','),
    ),
  );
  const own = await (await get(reviewers[1]!.token, `queue=${queue.key}`)).text();
  expect(own.trimEnd().split('\r\n').length).toBe(2);
  expect((await get(manager.token, `queue=${queue.key}&from=yesterday`)).status).toBe(400);
  expect((await get(manager.token, 'from=1980-01-01T00:00:00Z')).status).toBe(400);
  expect((await get(manager.token, `queue=${queue.key}&format=xls`)).status).toBe(400);
  expect((await get('nobody', `queue=${queue.key}`)).status).toBe(401);
});

test('an event that makes no sense holds up nothing, nor do names as long as they may be', async () => {
  const other = await makeQueue(service);
  const long = '\u{10ffff}'.repeat(128);
  await service.do(key, FLAG_MANY, {
    inputs: [
      output('long', {
        queue: other.key,
        model: { name: long, version: long },
        prompt: { name: '"\\'.repeat(128), version: '1' },
      }),
    ],
  });
  const bad = [
    ['REVIEW_SUBMITTED', { reviewId: 'nonsense' }],
    ['ASSIGNMENT_EXPIRED', { memberId: 5 }],
    ['ITEM_RESOLVED', { verdict: 'MAYBE', revision: 'x' }],
    ['ITEM_RESOLVED', { verdict: 'CONFIRMED', revision: 1e300 }],
    ['ITEM_FLAGGED', {}],
  ] as const;
  for (const [kind, data] of bad) {
    await service.sql(
      `INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
       VALUES ($1, $2, 'system', gen_random_uuid(), $3, $4)`,
      [service.projectId, kind, other.id, JSON.stringify(data)],
    );
  }
  const reviewer = await service.member();
  const { assignments } = await claim(service, reviewer, { queue: other.key });
  await submit(service, reviewer, assignments[0]!);
  await service.app.get(Sequencer).runOnce();
  expect(await service.sql(`SELECT FROM outbox`)).toEqual([]);
  const found = await trends({ queue: other.key });
  expect(found).toMatchObject({ arrived: 2, resolved: 1, reviews: 1 });
  const names = found.versions.map((one: any) => one.version.name);
  expect(names.length).toBe(2);
});

test('a recount goes on with what there is when the log no longer holds its oldest events', async () => {
  const lost = await makeQueue(service);
  await service.do(key, FLAG_MANY, { inputs: [output(`old-${lost.key}`, { queue: lost.key })] });
  const flagged = () => service.sql<{ queue_id: string }>(`SELECT queue_id FROM event WHERE kind = 'ITEM_FLAGGED'`);
  await until(async () => (await flagged()).some((event) => event.queue_id === lost.id));
  await service.sql(`UPDATE event SET at = at - interval '3 days' WHERE queue_id <> $1`, [lost.id]);
  // What a reader has not handled stays, so this waits for those that are behind.
  await until(async () => {
    await service.app.get(LogRetention).runOnce(1);
    return (await flagged()).length === 1;
  });
  const ofLog = /^(ARRIVED|WITHDRAWN|RESOLVED_MS|SKIPPED|RELEASED|EXPIRED) /;
  const found = await differences(service);
  expect(found.filter(({ counter }) => ofLog.test(counter))).toEqual([]);
});
