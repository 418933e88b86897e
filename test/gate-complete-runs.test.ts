import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { StoredCase } from '../src/dataset/formats/format.js';
import { benchOf, labelled, run } from './support/gate.js';

const cases: StoredCase[] = [
  labelled(1, { failure_category: 'wrong_policy', severe: true }),
  labelled(2, { failure_category: 'wrong_policy' }),
  labelled(3, { failure_category: 'tone' }),
  labelled(4, {}),
];
const [first, , , last] = cases as [StoredCase, StoredCase, StoredCase, StoredCase];
const bench = benchOf(cases);

interface Changes {
  readonly passed?: boolean;
  readonly [field: string]: unknown;
}

/** One result as promptfoo 0.121 writes it, shortened. */
function result({ id, contentHash }: StoredCase, { passed = true, ...changes }: Changes = {}): Record<string, unknown> {
  return {
    success: passed,
    failureReason: passed ? 0 : 1,
    ...(!passed && { error: 'The output is not the text that the reviewers expect.' }),
    gradingResult: { pass: passed, score: passed ? 1 : 0, reason: '', componentResults: [{ pass: passed }] },
    response: { output: passed ? 'right' : 'wrong\u001B[2J' },
    testCase: { description: id, metadata: { case_id: id, content_hash: contentHash } },
    ...changes,
  };
}

const promptfoo = (results: unknown[]) => ({ evalId: 'e', results: { version: 3, results, stats: {} } });
const allPassed = () => cases.map((one) => result(one));

test('a run in which every case was tried and is right passes', async () => {
  const { write, gate } = await bench.open();
  const { code, out } = await gate('--results', write('results.json', promptfoo(allPassed())));
  expect(out).toContain('PASSED refunds: 4 of 4 cases passed (100 %, needed 100 %)');
  expect(code).toBe(0);
});

test('one wrong case fails it, and says what a person needs to find it', async () => {
  const { write, gate } = await bench.open();
  const rows = [...allPassed().slice(0, 3), result(last, { passed: false })];
  const { code, out } = await gate('--results', write('results.json', promptfoo(rows)));
  expect(code).toBe(1);
  expect(out).toContain('FAILED refunds: 3 of 4 cases passed (75 %, needed 100 %), 1 failed');
  expect(out).toContain(`${last.id}  failed`);
  expect(out).toContain('input     "question 4"');
  expect(out).toContain('expected  "answer 4"');
  expect(out).toContain('got       "wrong\\u001b[2J"');
  expect(out).toContain('why       "The output is not the text that the reviewers expect."');
});

test('one letter in a long answer is shown where it differs', async () => {
  const long = 'a'.repeat(1_000);
  const one = labelled(1, {}, { expected: `${long}b${long}` });
  const { write, gate } = await bench.open([one]);
  const wrong = result(one, { passed: false, response: { output: `${long}c${long}` } });
  const { out } = await gate('--results', write('results.json', promptfoo([wrong])));
  expect(out).toContain(`… "${'a'.repeat(60)}b`);
  expect(out).toContain(`… "${'a'.repeat(60)}c`);
  expect(out).toContain('differ    from character 1001');
});

describe('a run proves nothing', () => {
  const unchecked = { gradingResult: { pass: true, score: 1, reason: 'No assertions', componentResults: [] } };
  const stranger = labelled(9, {});
  test.each<[string, () => unknown, RegExp]>([
    ['when a case did not run', () => promptfoo(allPassed().slice(1)), /It did not run/],
    [
      'when a case ran twice',
      () => promptfoo([...allPassed(), result(first)]),
      /has 2 results and must have 1.*--repeats 2/,
    ],
    [
      'when a case ran that was not exported',
      () => promptfoo([...allPassed(), result(stranger)]),
      /does not list: "019a.*9"/,
    ],
    [
      'when a result names no case',
      () => promptfoo([...allPassed(), { ...result(first), testCase: {} }]),
      /names no case/,
    ],
    [
      'when a case broke',
      () => promptfoo([...allPassed().slice(1), result(first, { failureReason: 2, success: false, error: 'boom' })]),
      /It broke.*[^]*"boom"/,
    ],
    [
      'when a case has no assertion',
      () => promptfoo([...allPassed().slice(1), result(first, unchecked)]),
      /Nothing was checked/,
    ],
    [
      'when a case has no grading at all',
      () => promptfoo([...allPassed().slice(1), result(first, { gradingResult: null })]),
      /Nothing was checked/,
    ],
    [
      'when another revision of a case ran',
      () => promptfoo([...allPassed().slice(1), result({ ...first, contentHash: 'sha256:0' })]),
      /Another revision/,
    ],
    ['when the filter matched nothing', () => promptfoo([]), /It holds no results/],
    ['when the results are empty', () => '', /It is empty/],
    ['when the results are blank', () => ' \n', /It is empty/],
    ['when the results are no results', () => '{}', /It is none of promptfoo results/],
    ['when the results are an empty list', () => '[]', /It holds no results/],
    ['when the results are another text', () => 'Ran 4 tests. All passed.', /It is none of/],
    ['when the results were cut off', () => JSON.stringify(promptfoo(allPassed())).slice(0, -90), /cut off/],
  ])('%s', async (_, content, says) => {
    const { write, gate } = await bench.open();
    const { code, out } = await gate('--results', write('results.json', content()), '--min-pass-rate', '0');
    expect(out).toMatch(/^INCOMPLETE refunds/);
    expect(out).toMatch(says);
    expect(code).toBe(3);
  });

  test('when a case was skipped', async () => {
    const { write, gate } = await bench.open();
    const tests = cases.map(({ id }) => `<testcase name="${id}">${id === first.id ? '<skipped/>' : ''}</testcase>`);
    const { code, out } = await gate('--results', write('results.xml', `<testsuite>${tests.join('')}</testsuite>`));
    expect([code, out]).toEqual([3, expect.stringContaining('It was skipped.')]);
  });

  test('when there is no results file', async () => {
    const { gate, folder } = await bench.open();
    const { code, out } = await gate('--results', join(folder, 'no.json'));
    expect(out).toContain('There is no such file: the suite wrote no results.');
    expect(code).toBe(3);
  });

  test('when one of several files is missing, though every case passed in the other', async () => {
    const { write, gate, folder } = await bench.open();
    const { code } = await gate('--results', write('a.json', promptfoo(allPassed())), join(folder, 'b.json'));
    expect(code).toBe(3);
  });

  test('when the cases were changed after the export', async () => {
    const { write, gate, folder } = await bench.open();
    const text = readFileSync(join(folder, 'cases.jsonl'), 'utf8');
    write('cases.jsonl', text.replaceAll('answer 1', 'wrong 1'));
    const { code, out } = await gate('--results', write('results.json', promptfoo(allPassed())));
    expect(out).toContain('cases.jsonl is not what manifest.json says');
    expect(code).toBe(3);
  });

  test('when there is nothing to prove, unless that is allowed', async () => {
    const { write, gate } = await bench.open([]);
    const file = write('results.json', promptfoo([]));
    expect((await gate('--results', file)).code).toBe(3);
    expect((await gate('--results', file, '--allow-empty')).code).toBe(0);
  });

  test('and what is incomplete weighs more than what failed', async () => {
    const { write, gate } = await bench.open();
    const rows = [result(first, { passed: false }), ...allPassed().slice(2)];
    expect((await gate('--results', write('results.json', promptfoo(rows)))).code).toBe(3);
  });
});

test('files of several shards are one run', async () => {
  const { write, gate } = await bench.open();
  const rows = allPassed();
  const [a, b] = [promptfoo(rows.slice(0, 2)), promptfoo(rows.slice(2))];
  expect((await gate('--results', write('a.json', a), write('b.json', b))).code).toBe(0);
  expect((await gate('--results', write('a.json', a), write('b.json', a))).code).toBe(3);
});

test('a lower pass rate lets some fail, exactly to the share that was said', async () => {
  const { write, gate } = await bench.open();
  const file = write('results.json', promptfoo([...allPassed().slice(0, 3), result(last, { passed: false })]));
  expect((await gate('--results', file, '--min-pass-rate', '0.75')).code).toBe(0);
  expect((await gate('--results', file, '--min-pass-rate', '0.7500001')).code).toBe(1);
});

test('every slice must reach the rate, so that a small one does not hide in a large one', async () => {
  const { write, gate } = await bench.open();
  const rows = cases.map((one, i) => result(one, { passed: i !== 2 }));
  const file = write('results.json', promptfoo(rows));
  expect((await gate('--results', file, '--min-pass-rate', '0.7')).code).toBe(0);
  const { code, out } = await gate('--results', file, '--min-pass-rate', '0.7', '--slice', 'failure_category');
  expect(code).toBe(1);
  expect(out).toMatch(/ok +failure_category = wrong_policy: 2 of 2/);
  expect(out).toMatch(/TOO FEW +failure_category = tone: 0 of 1/);
  expect(out).toMatch(/ok +failure_category = \(none\): 1 of 1/);
  for (const name of ['split', 'verdict', 'queue']) {
    expect((await gate('--results', file, '--min-pass-rate', '0.7', '--slice', name)).code).toBe(0);
  }
});

test('repeats must be said, and must all be there', async () => {
  const { write, gate } = await bench.open();
  const twice = [...allPassed(), ...cases.map((one, i) => result(one, { passed: i > 0 }))];
  const file = write('results.json', promptfoo(twice));
  expect((await gate('--results', file, '--repeats', '2')).code).toBe(1);
  expect((await gate('--results', file, '--repeats', '2', '--repeats-pass', '1')).code).toBe(0);
  expect((await gate('--results', file, '--repeats', '3')).code).toBe(3);
  const { code, out } = await gate('--results', file, '--repeats', '2');
  expect([code, out]).toEqual([1, expect.stringContaining('repeats   1 of 2 passed')]);
  expect((await gate('--results', file, '--repeats', '1', '--repeats-pass', '2')).code).toBe(2);
});

test('cases that the format left out and cases that were retracted are told and not asked for', async () => {
  const rejected = labelled(5, {}, { expected: undefined });
  const gone = { ...labelled(6, {}), revision: 2, record: null };
  const canonical = await bench.open([...cases, gone], 'jsonl', 5);
  const { code, out } = await canonical.gate('--results', canonical.write('results.json', promptfoo(allPassed())));
  expect([code, out]).toEqual([0, expect.stringContaining('1 cases were retracted')]);
  const { write, gate } = await bench.open([...cases, rejected]);
  const whole = await gate('--results', write('results.json', promptfoo(allPassed())));
  expect([whole.code, whole.out]).toEqual([
    0,
    expect.stringContaining('1 cases are not in this export: no expected output'),
  ]);
});

test('a case without an expected output is asked for, unless the suite cannot judge it', async () => {
  const rejected = labelled(5, {}, { expected: undefined });
  const { write, gate } = await bench.open([...cases, rejected], 'jsonl');
  const without = write('without.json', promptfoo(allPassed()));
  expect((await gate('--results', without)).code).toBe(3);
  const { code, out } = await gate('--results', without, '--expected-only');
  expect([code, out]).toEqual([0, expect.stringContaining('1 cases without an expected output are not asked for')]);
  const withIt = write('with.json', promptfoo([...allPassed(), result(rejected)]));
  expect((await gate('--results', withIt, '--expected-only')).code).toBe(0);
  write('cases.jsonl', '');
  expect((await gate('--results', without, '--expected-only')).code).toBe(2);
});

test('wrong usage is told apart from a wrong answer', async () => {
  const { write, gate, folder } = await bench.open();
  const file = write('results.json', promptfoo(allPassed()));
  const usage: [string[], RegExp][] = [
    [['--results', file, '--min-pass-rate', '95'], /from 0 to 1/],
    [['--results', file, '--min-pass-rate', 'x'], /from 0 to 1/],
    [['--results', file, '--repeats', '0'], /whole number/],
    [['--results', file, '--reader', 'xml'], /promptfoo, inspect/],
    [['--results', file, '--slice', 'failure_categroy'], /no case has it.*failure_category/],
    [[], /--results/],
  ];
  for (const [args, says] of usage) {
    const { code, err, out } = await gate(...args);
    expect([args, code, out]).toEqual([args, 2, '']);
    if (args.includes('--slice')) expect(err).toMatch(says);
  }
  expect((await run(['gate', '--manifest', join(folder, 'no'), '--results', file])).code).toBe(2);
  write('manifest.json', '{"schema":"other"}');
  expect((await gate('--results', file)).err).toContain('no manifest that this version knows');
  rmSync(join(folder, 'manifest.json'));
  expect((await gate('--results', file)).code).toBe(2);
});
