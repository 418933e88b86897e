import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { MOST_ITEMS } from '../src/insight/agreement.sql.js';
import {
  claimOne,
  codeOf,
  leaseOf,
  makeItems,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let queue: TestQueue;
let reviewers: TestMember[];

const FIELDS = [
  { name: 'grade', type: 'SCALE', label: 'Grade', required: false, min: 1, max: 5 },
  { name: 'cents', type: 'NUMBER', label: 'Cents', required: false },
  { name: 'isRude', type: 'BOOLEAN', label: 'Rude', required: false },
  { name: 'faults', type: 'CHOICES', label: 'Faults', required: false, options: ['a', 'b', 'c'].map(option) },
  { name: 'why', type: 'TEXT', label: 'Why', required: false, maxLength: 100 },
];
function option(value: string) {
  return { value, label: value };
}

/** Krippendorff (2011), example C: four observers, twelve units. */
const GRADES = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
  [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
];

beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  queue = await makeQueue(service, { reviewsRequired: 4, fields: FIELDS });
  await makeItems(service, queue, Array(12).fill({}));
  reviewers = await Promise.all(GRADES.map(() => service.member()));
  for (const [r, reviewer] of reviewers.entries()) {
    for (const grade of GRADES[r]!) {
      const held = await claimOne(service, reviewer, queue);
      if (grade === null) await onLease(service, reviewer, 'releaseAssignment', { ...leaseOf(held), skip: true });
      else await answer(reviewer, held, grade);
    }
  }
});
afterAll(() => service?.stop());

async function answer(reviewer: TestMember, held: Parameters<typeof submit>[2], grade: number) {
  // Verdict, set and number follow the grade, so what is right for them is known as well.
  const faults = grade === 1 ? ['a', 'b'] : grade === 2 ? ['b', 'a'] : ['c'];
  const labels = { grade, cents: grade * 2.5 - 7, isRude: grade > 2, faults };
  const verdict = grade > 2 ? 'REJECTED' : 'CONFIRMED';
  expect((await submit(service, reviewer, held, { verdict, labels })).errors).toBeUndefined();
}

const QUERY = `query ($queue: String!, $field: String, $rubricVersion: Int, $metric: AgreementMetric,
                      $scale: MeasurementScale, $reviewers: [ID!], $from: DateTime, $to: DateTime) {
  agreement(queue: $queue, field: $field, rubricVersion: $rubricVersion, metric: $metric, scale: $scale,
            reviewers: $reviewers, from: $from, to: $to) {
    from to scale rubricVersion items answers reviewers isComplete
    coefficients { metric value undefinedBecause interval { low high resamples } } } }`;

async function agreement(more: object = {}) {
  const data = await service.do<any>(manager.token, QUERY, { queue: queue.key, ...more });
  return data.agreement;
}

test('alpha over reviews of a scale is that of the published example, on each scale', async () => {
  const report = await agreement({ field: 'grade', metric: 'KRIPPENDORFF_ALPHA' });
  expect(report).toMatchObject({
    scale: 'ORDINAL',
    rubricVersion: 1,
    items: 11,
    answers: 40,
    reviewers: 4,
    isComplete: true,
  });
  const [{ value, undefinedBecause, interval }] = report.coefficients;
  expect(value).toBeCloseTo(0.815, 3);
  expect(undefinedBecause).toBeNull();
  expect(interval.resamples).toBe(1_000);
  expect(interval.low).toBeLessThan(value);
  expect(interval.high).toBeGreaterThan(value);
  for (const [scale, alpha] of [
    ['NOMINAL', 0.743],
    ['INTERVAL', 0.849],
  ] as const) {
    const { coefficients } = await agreement({ field: 'grade', metric: 'KRIPPENDORFF_ALPHA', scale });
    expect(coefficients[0].value).toBeCloseTo(alpha, 3);
  }
});

test('numbers are compared by their differences, choices of several as sets, answers of yes and no by equality', async () => {
  const alpha = async (field: string | null) => {
    const report = await agreement({ field, metric: 'KRIPPENDORFF_ALPHA' });
    return [report.scale, report.coefficients[0].value];
  };
  expect(await alpha('cents')).toEqual(['INTERVAL', expect.closeTo(0.849, 3)]);
  const [, isRude] = await alpha('isRude');
  // 1 and 2 are one set here, all else another: so as rude or not.
  expect(await alpha('faults')).toEqual(['NOMINAL', isRude]);
  expect(await alpha(null)).toEqual(['NOMINAL', isRude]);
});

test('all metrics at once; what is undefined says why', async () => {
  const report = await agreement({ field: 'grade' });
  const of = (metric: string) => report.coefficients.find((one: any) => one.metric === metric);
  expect(report.coefficients.length).toBe(5);
  expect(of('COHEN_KAPPA')).toEqual(
    expect.objectContaining({ value: null, undefinedBecause: 'NOT_TWO_RATERS', interval: null }),
  );
  expect(of('FLEISS_KAPPA')).toMatchObject({ value: null, undefinedBecause: 'UNEQUAL_RATINGS' });
  expect(of('PERCENT').value).toBeGreaterThan(0.7);
});

test("two reviewers can be picked for Cohen's kappa", async () => {
  const pair = [reviewers[0]!.id, reviewers[1]!.id];
  const report = await agreement({ field: 'grade', reviewers: pair });
  expect(report).toMatchObject({ items: 9, reviewers: 2 });
  const values = Object.fromEntries(report.coefficients.map((one: any) => [one.metric, one.value]));
  // Eight of nine the same; by chance 1: 3·2, 2: 3·4 (counts of the first times the second), 3: 2·2, 4: 1·1, of 81.
  const chance = (3 * 2 + 3 * 4 + 2 * 2 + 1 * 1) / 81;
  expect(values.PERCENT).toBeCloseTo(8 / 9, 10);
  expect(values.COHEN_KAPPA).toBeCloseTo((8 / 9 - chance) / (1 - chance), 10);
  expect(values.WEIGHTED_KAPPA).toBeGreaterThan(values.COHEN_KAPPA);
});

test('only the reviews of the period and of the rubric version count', async () => {
  const to = new Date(Date.now() - 3_600_000).toISOString();
  const before = await agreement({ to });
  expect(before).toMatchObject({ items: 0, answers: 0, to });
  expect(before.coefficients.map((one: any) => one.undefinedBecause)).toEqual(Array(5).fill('NO_PAIRS'));
  expect(await agreement({ rubricVersion: 2 })).toMatchObject({ rubricVersion: 2, items: 0 });
});

test('what cannot be measured is refused with what can', async () => {
  const refusal = async (more: object, of: TestMember = manager) => {
    const answer = await service.ask(of.token, QUERY, { queue: queue.key, ...more });
    return [codeOf(answer), answer.errors?.[0]?.message];
  };
  expect(await refusal({ queue: 'none' })).toEqual(['NOT_FOUND', 'There is no queue "none".']);
  expect(await refusal({ field: 'why' })).toEqual(['INVALID_INPUT', expect.stringContaining('TEXT')]);
  expect(await refusal({ field: 'x' })).toEqual(['INVALID_INPUT', expect.stringContaining('it has grade, cents')]);
  expect(await refusal({ field: 'grade', rubricVersion: 7 })).toEqual([
    'NOT_FOUND',
    expect.stringContaining('version 7'),
  ]);
  expect(await refusal({ scale: 'ORDINAL' })).toEqual(['INVALID_INPUT', expect.stringContaining('NOMINAL')]);
  expect(await refusal({ field: 'isRude', scale: 'INTERVAL' })).toEqual([
    'INVALID_INPUT',
    expect.stringContaining('isRude'),
  ]);
  expect(await refusal({ reviewers: ['x', 'y'] })).toEqual(['INVALID_INPUT', expect.stringContaining('reviewers')]);
  const [from, to] = ['2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z'];
  expect(await refusal({ from, to })).toEqual(['INVALID_INPUT', expect.stringContaining('before')]);
  expect(await refusal({ from: '2020-01-01T00:00:00Z' })).toEqual(['INVALID_INPUT', expect.stringContaining('366')]);
});

test('it is for managers, and for keys that manage', async () => {
  const ask = async (token: string) => codeOf(await service.ask(token, QUERY, { queue: queue.key }));
  expect(await ask(await service.key([ApiKeyScope.MANAGE]))).toBeNull();
  expect(await ask(await service.key([ApiKeyScope.READ]))).toBe('FORBIDDEN');
  expect(await ask(reviewers[0]!.token)).toBe('FORBIDDEN');
});

test('a revision is not counted: it was not made independently', async () => {
  const before = await agreement({ field: 'grade' });
  await service.sql(
    `INSERT INTO review (project_id, id, item_id, queue_id, slot, revision, member_id, assignment_id, lease_token,
                         rubric_version, verdict, labels, content_hash, duration_ms, supersedes)
     SELECT project_id, gen_random_uuid(), item_id, queue_id, slot, 1, member_id, assignment_id, lease_token,
            rubric_version, verdict, '{"grade": 5}', content_hash, duration_ms, id FROM review WHERE slot = 1`,
  );
  expect(await agreement({ field: 'grade' })).toEqual({ ...before, from: expect.anything(), to: expect.anything() });
});

test('beyond the cap the latest items are used, and the report says that there were more', async () => {
  const capped = await makeQueue(service, { reviewsRequired: 2 });
  const [ann, bob] = reviewers as [TestMember, TestMember];
  const add = (items: number, verdict: string, daysAgo: number) =>
    service.sql(
      `WITH new AS (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $3::integer) n),
            i AS (INSERT INTO item (project_id, id, external_id, queue_id, source, rank, reviews_required, reviews_done,
                                    status)
                  SELECT $1, id, id::text, $2, 'test', n, 2, 2, 'NEEDS_ADJUDICATION' FROM new)
       INSERT INTO review (project_id, id, item_id, queue_id, slot, member_id, assignment_id, lease_token,
                           rubric_version, verdict, content_hash, duration_ms, submitted_at)
       SELECT $1, gen_random_uuid(), new.id, $2, slot, CASE slot WHEN 0 THEN $4::uuid ELSE $5::uuid END,
              gen_random_uuid(), gen_random_uuid(), 1, CASE slot WHEN 0 THEN 'CONFIRMED' ELSE $6 END, '\\x00', 1,
              now() - make_interval(days => $7) - make_interval(secs => n * 0.001)
         FROM new, generate_series(0, 1) slot`,
      [service.projectId, capped.id, items, ann.id, bob.id, verdict, daysAgo],
    );
  const percent = async () => {
    const { items, answers, isComplete, coefficients } = await agreement({ queue: capped.key, metric: 'PERCENT' });
    return { items, answers, isComplete, value: coefficients[0].value };
  };
  // In the latest 20,000 the two agree, in what was before they do not.
  await add(MOST_ITEMS - 1, 'CONFIRMED', 1);
  await add(1, 'REJECTED', 2);
  expect(await percent()).toEqual({
    items: MOST_ITEMS,
    answers: 2 * MOST_ITEMS,
    isComplete: true,
    value: expect.closeTo(1 - 1 / MOST_ITEMS, 10),
  });
  await add(1, 'CONFIRMED', 1);
  expect(await percent()).toEqual({ items: MOST_ITEMS, answers: 2 * MOST_ITEMS, isComplete: false, value: 1 });
  await add(500, 'REJECTED', 3);
  expect(await percent()).toMatchObject({ items: MOST_ITEMS, isComplete: false, value: 1 });
}, 120_000);
