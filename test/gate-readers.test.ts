import { describe, expect, test } from 'vitest';

import { readRun } from '../src/cli/gate.readers.js';
import type { Outcome } from '../src/cli/gate.result.js';

const [A, B, C, D, E] = [1, 2, 3, 4, 5].map((n) => `019a0000-0000-7000-8000-00000000000${n}`) as [
  string,
  string,
  string,
  string,
  string,
];

/** What a reader makes of a file: its own name, how each case ended, and what is wrong with the run. */
function read(content: unknown, reader: string | null = null, passScore = 1) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const run = readRun(text, reader, { passScore });
  const outcomes = run.results.map(({ caseId, outcome }): [string | null, Outcome] => [caseId, outcome]);
  return { reader: run.reader, outcomes, faults: run.faults, results: run.results };
}

describe('promptfoo', () => {
  const row = (id: string, changes: object) => ({
    success: true,
    failureReason: 0,
    gradingResult: { pass: true, score: 1, componentResults: [{ pass: true }] },
    response: { output: 'out' },
    testCase: { description: id, vars: { case: { input: 'in', expected: 'ex' } }, metadata: { case_id: id } },
    ...changes,
  });
  const rows = [
    row(A, {}),
    row(B, { success: false, failureReason: 1, error: 'not equal' }),
    row(C, { success: false, failureReason: 2, error: 'API error', gradingResult: null }),
    row(D, { gradingResult: { pass: true, reason: 'No assertions' } }),
    row(E, { response: { error: 'provider broke' } }),
  ];
  const ends = [
    [A, 'PASSED'],
    [B, 'FAILED'],
    [C, 'ERRORED'],
    [D, 'UNCHECKED'],
    [E, 'ERRORED'],
  ];

  test.each([
    ['results.json', { evalId: 'x', results: { version: 3, results: rows, stats: {} }, config: {} }],
    ['what evaluate() returns', { version: 3, results: rows, stats: {} }],
    ['results.jsonl', rows.map((one) => JSON.stringify(one)).join('\n')],
    ['results.jsonl of one result and a BOM', `\uFEFF${JSON.stringify(rows[0])}\n`],
  ])('reads %s', (_, content) => {
    const { reader, outcomes, results, faults } = read(content);
    expect(reader).toBe('promptfoo');
    expect(faults).toEqual([]);
    expect(outcomes).toEqual(ends.slice(0, outcomes.length));
    expect(results[0]).toMatchObject({ input: 'in', expected: 'ex', output: 'out', why: null });
    if (results.length > 1)
      expect(results.map(({ why }) => why)).toEqual([
        null,
        'not equal',
        'API error',
        'No assertions',
        'provider broke',
      ]);
  });

  test('says that an empty run holds nothing', () => {
    expect(read({ results: { version: 3, results: [], stats: {} } }).faults).toEqual(['It holds no results.']);
  });
});

describe('inspect', () => {
  const score = (value: unknown) => ({ exact: { value, answer: 'a', explanation: 'because' } });
  const sample = (id: string, changes: object) => ({
    id,
    epoch: 1,
    input: [{ role: 'user', content: 'q' }],
    target: 't',
    output: { model: 'm', choices: [{ message: { role: 'assistant', content: 'said' } }], completion: 'said' },
    scores: score('C'),
    metadata: {},
    ...changes,
  });
  const log = (samples: unknown, changes: object = {}) => ({
    version: 2,
    status: 'success',
    eval: { task: 'cases' },
    plan: {},
    results: { total_samples: 1, completed_samples: 1, scores: [] },
    stats: { started_at: '', model_usage: {} },
    invalidated: false,
    samples,
    ...changes,
  });

  test('reads how each sample ended', () => {
    const { reader, outcomes, results, faults } = read(
      log([
        sample(A, {}),
        sample(B, { scores: score('I') }),
        sample(C, { error: { message: 'ValueError("boom")' }, scores: {} }),
        sample(D, { scores: {} }),
        sample(E, { scores: null }),
      ]),
    );
    expect([reader, faults]).toEqual(['inspect', []]);
    expect(outcomes.map(([, outcome]) => outcome)).toEqual(['PASSED', 'FAILED', 'ERRORED', 'UNCHECKED', 'UNCHECKED']);
    expect(results[1]).toMatchObject({ caseId: B, why: 'exact is I: because', expected: 't', output: 'said' });
    expect(results[2]?.why).toBe('ValueError("boom")');
  });

  test.each([
    ['C', 'PASSED'],
    ['P', 'FAILED'],
    ['I', 'FAILED'],
    ['N', 'FAILED'],
    [1, 'PASSED'],
    [0.99, 'FAILED'],
    [true, 'PASSED'],
    [false, 'FAILED'],
    ['yes', 'PASSED'],
    ['0.5', 'FAILED'],
    ['1.0', 'PASSED'],
    ['good', 'FAILED'],
    ['', 'FAILED'],
    [null, 'UNCHECKED'],
    [{ tone: 1, truth: 0 }, 'FAILED'],
    [[1, 1], 'PASSED'],
    [[], 'UNCHECKED'],
  ] as const)('takes the score %j as %s', (value, outcome) => {
    expect(read(log([sample(A, { scores: score(value) })])).outcomes).toEqual([[A, outcome]]);
  });

  test('lets partial scores pass where that is said', () => {
    expect(read(log([sample(A, { scores: score('P') })]), null, 0.5).outcomes).toEqual([[A, 'PASSED']]);
  });

  test('reads the numbers that Python writes and JSON does not know', () => {
    const text = JSON.stringify(log([sample(A, { input: 'NaN "NaN" \\', scores: score('?') })])).replace('"?"', 'NaN');
    const { outcomes, results } = read(text);
    expect(outcomes).toEqual([[A, 'UNCHECKED']]);
    expect(results[0]?.input).toBe('NaN "NaN" \\');
  });

  test.each([
    ['started', { status: 'started' }, 'ended as "started"'],
    ['cancelled', { status: 'cancelled' }, 'ended as "cancelled"'],
    ['broken', { status: 'error', error: { message: 'out of tokens' } }, 'ended as "error": "out of tokens"'],
    ['invalidated', { invalidated: true }, 'was invalidated'],
    ['written without samples', { samples: undefined }, 'holds no samples'],
  ])('does not take a log that was %s for a run', (_, changes, says) => {
    expect(read(log([sample(A, {})], changes)).faults.join()).toContain(says);
  });

  test('does not count a sample that a person invalidated', () => {
    expect(read(log([sample(A, { invalidation: { author: 'me' } })])).outcomes).toEqual([[A, 'ERRORED']]);
  });
});

describe('braintrust', () => {
  const row = (id: string, changes: object) => ({
    input: { text: 'q' },
    expected: 't',
    output: 'o',
    metadata: { case_id: id },
    scores: { ExactMatch: 1 },
    ...changes,
  });
  const rows = [
    row(A, {}),
    row(B, { scores: { ExactMatch: 1, Levenshtein: 0.8 } }),
    row(C, { error: {}, scores: {} }),
    row(D, { scores: { ExactMatch: null } }),
    { ...row(E, { scores: {} }), metadata: undefined, id: E },
  ];
  const summary = { projectName: 'p', experimentName: 'e', scores: { ExactMatch: { name: 'ExactMatch', score: 1 } } };

  test.each([
    ['what Eval() returns', { summary, results: rows }],
    ['its results, one a line', rows.map((one) => JSON.stringify(one)).join('\n')],
    ['its results as a list', rows],
  ])('reads %s', (_, content) => {
    const { reader, outcomes, results, faults } = read(content);
    expect([reader, faults]).toEqual(['braintrust', []]);
    expect(outcomes).toEqual([
      [A, 'PASSED'],
      [B, 'FAILED'],
      [C, 'ERRORED'],
      [D, 'UNCHECKED'],
      [E, 'UNCHECKED'],
    ]);
    expect(results[1]?.why).toBe('Levenshtein is 0.8');
  });

  test('lets a score pass that is good enough', () => {
    expect(read([rows[1]], null, 0.8).outcomes).toEqual([[B, 'PASSED']]);
  });

  test('does not take a summary for results', () => {
    expect(read(summary)).toMatchObject({
      reader: 'braintrust',
      outcomes: [],
      faults: [expect.stringContaining('a summary without results')],
    });
  });
});

describe('junit', () => {
  const suite = (tests: string) =>
    `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest">${tests}</testsuite></testsuites>`;

  test('reads how each test ended that names a case', () => {
    const { reader, outcomes, results, faults } = read(
      suite(`
        <testcase classname="test_cases" name="test_case[${A}]" time="0.001"/>
        <testcase classname="test_cases" name="test_case[${B}-x]"><failure message="assert 'a' == 'b'">E &lt;b&gt; <![CDATA[<raw>]]></failure></testcase>
        <testcase classname="test_cases" name="test_case[${C}]"><error message="failed on setup"/></testcase>
        <testcase classname="test_cases" name="test_case[${D}]"><skipped type="pytest.xfail" message="known"/></testcase>
        <testcase classname="cases.test.ts" name="refunds &gt; ${E.toUpperCase()}" assertions="0"><system-out>text</system-out></testcase>`),
    );
    expect([reader, faults]).toEqual(['junit', []]);
    expect(outcomes).toEqual([
      [A, 'PASSED'],
      [B, 'FAILED'],
      [C, 'ERRORED'],
      [D, 'SKIPPED'],
      [E, 'UNCHECKED'],
    ]);
    expect(results[1]?.why).toContain("assert 'a' == 'b' E <b>");
    expect(results[1]?.why).toContain('<raw>');
  });

  test('knows a case by a property too', () => {
    const property = `<properties><property name="case_id" value="${A}"/></properties>`;
    expect(read(suite(`<testcase name="test_one">${property}</testcase>`)).outcomes).toEqual([[A, 'PASSED']]);
  });

  test('passes over other tests as long as they are well', () => {
    const other = '<testcase name="loads the file"/>';
    expect(read(suite(`${other}<testcase name="${A}"/>`)).outcomes).toEqual([[A, 'PASSED']]);
    const broken = '<testcase name="test_cases.py"><error message="collection failure"/></testcase>';
    expect(read(suite(`${broken}<testcase name="${A}"/>`)).outcomes).toEqual([
      [null, 'ERRORED'],
      [A, 'PASSED'],
    ]);
  });

  test('reports a suite that broke as a whole', () => {
    const text = `<testsuites><testsuite name="x"><error message="no module"/></testsuite><testsuite><testcase name="${A}"/></testsuite></testsuites>`;
    expect(read(text).faults).toEqual(['A test suite broke: "no module"']);
  });

  test.each([
    ['is cut off', suite(`<testcase name="${A}"/>`).slice(0, -10)],
    ['holds a character that XML cannot', suite(`<testcase name="${A} \u001B[31m"/>`)],
    [
      'asks for an entity of its own',
      `<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuites><testcase name="${A}">&a;</testcase></testsuites>`,
    ],
  ])('does not take XML for results that %s', (_, text) => {
    expect(read(text).faults.join()).toContain('not well-formed XML');
  });

  test('says that a file without tests holds nothing', () => {
    expect(read('<testsuites/>').faults).toEqual(['It holds no results.']);
  });
});

test('a reader that was asked for does not read what it does not know', () => {
  const text = `<testsuites><testcase name="${A}"/></testsuites>`;
  expect(read(text, 'junit').outcomes).toEqual([[A, 'PASSED']]);
  expect(read(text, 'inspect').faults).toEqual(['It is not an Inspect log (--log-format json).']);
});
