import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SaxesParser } from 'saxes';
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { readRun } from '../src/cli/gate.readers.js';
import { hostile } from './contract/hostile.mjs';
import { type Bench, benchOf, labelled, type Printed } from './support/gate.js';

/** Texts that the log of a CI job, a terminal, a Markdown page or an XML reader would act on. */
const dangerous: ReadonlyMap<string, string> = new Map([
  ...hostile,
  ['terminal', 'a\u001B]0;title\u0007\u009B2J\r\nb'],
  ['workflow command', '\n::error::gone\n  ::stop-commands::x\n##[group]x ##[error]y'],
  [
    'markdown',
    '</code> | # *x* [a](https://evil.example) <img src=x onerror=alert(1)> `b` ![c](d) www.evil.example @all',
  ],
  ['xml', ']]> <![CDATA[ </failure> & "quoted" \u0000\u0001\uFFFE\uFFFF \uD800 \uDC00'],
  ['direction', 'abc\u202Edcba\u2066x\u200B\u{E0041}'],
]);
const texts = [...dangerous.values()];
/** A stored record holds none of what JSON in a database cannot. */
const storable = (text: string) => text.replace(/[\p{Cs}\0]/gu, '');
const cases = texts.map((text, i) =>
  labelled(i, { kind: [...dangerous.keys()][i] }, { input: storable(text), expected: storable(text) + '!' }),
);
const bench = benchOf(cases, 'jsonl');

/** The same hostile text as what the application answered, as the reason, as the name and as the id of a result. */
function results(): unknown {
  const rows = cases.map(({ id }, i) => ({
    success: false,
    failureReason: i % 3 === 0 ? 2 : 1,
    error: texts[i],
    gradingResult: { pass: false, componentResults: [{ pass: false }] },
    response: { output: texts[i] },
    testCase: { description: texts[i], metadata: { case_id: id } },
  }));
  const strangers = texts.map((text) => ({
    success: false,
    testCase: { description: text, metadata: { case_id: text } },
  }));
  return { results: { version: 3, results: [...strangers.slice(-5), ...rows], stats: {} } };
}

let told: Printed;
let the: Bench;
const read = (name: string) => readFileSync(join(the.folder, name), 'utf8');
beforeEach(async () => {
  the = await bench.open();
  vi.stubEnv('GITHUB_STEP_SUMMARY', the.write('job.md', 'before\n'));
  const reports = ['--junit', join(the.folder, 'new/gate.xml'), '--summary', join(the.folder, 'gate.md')];
  told = await the.gate('--results', the.write('results.json', results()), '--slice', 'kind', ...reports);
});

test('what is printed is seen and obeyed by nothing', () => {
  expect(told.code).toBe(3);
  expect(told.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(told.out).not.toMatch(/^\s*::/m);
  expect(told.out).not.toContain('##[');
});

test('the JUnit file is well-formed, has a test for each case and reads back as what was decided', () => {
  const xml = read('new/gate.xml');
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testcase') names.push((attributes as Record<string, string>).name ?? '');
  });
  parser.write(xml).close();
  expect(names).toEqual(['the run is complete', ...cases.map(({ id }) => id)]);
  const outcomes = readRun(xml, 'junit', { passScore: 1 }).results.map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['ERRORED', ...cases.map((_, i) => (i % 3 === 0 ? 'ERRORED' : 'FAILED'))]);
});

test('the Markdown holds no markup but its own, and goes to the page of the job too', () => {
  const markdown = read('gate.md');
  expect(read('job.md')).toBe(`before\n${markdown}`);
  const stranger = [...markdown.matchAll(/<code>(.*?)<\/code>/g)].map(([, text]) => text ?? '');
  expect(stranger.length).toBeGreaterThan(50);
  for (const text of stranger) expect(text.replace(/&#\d+;/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
  const rest = markdown.replace(/<code>.*?<\/code>/g, '').replace(/&#\d+;/g, '');
  expect(rest).not.toMatch(/[<[@`]|evil|https/);
  expect(markdown).not.toMatch(/[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test('so is what the file says of the run as a whole', async () => {
  const message = [...dangerous.values()].join(' ');
  const log = the.write('log.json', { status: 'error', eval: {}, samples: [], error: { message } });
  const { out } = await the.gate('--results', log, the.write('\u009Bname.xml', '<testsuites>\u0001'));
  expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(out).not.toContain('##[');
  expect(
    out
      .split('\n')
      .slice(1, 3)
      .every((line) => line.length < 600),
  ).toBe(true);
});

test('many failures are shown in part and counted in whole', () => {
  expect(told.out.match(/^ {2}019a.{32} {2}(failed|not tried)$/gm)?.length).toBe(25);
  expect(told.out).toContain(`… and ${cases.length - 25} more cases`);
});

describe('a run that is well', () => {
  const passed = () =>
    cases.map(({ id }) => ({
      success: true,
      gradingResult: { pass: true, componentResults: [{}] },
      testCase: { metadata: { case_id: id } },
    }));

  test('is a JUnit file in which everything passed', async () => {
    const file = the.write('results.json', { results: { results: passed() } });
    const { code } = await the.gate('--results', file, '--junit', join(the.folder, 'gate.xml'));
    expect(code).toBe(0);
    const { results: tests, faults } = readRun(read('gate.xml'), 'junit', { passScore: 1 });
    expect([tests.length, faults]).toEqual([cases.length, []]);
    expect(tests.every(({ outcome }) => outcome === 'PASSED')).toBe(true);
  });

  test('whose reports cannot be written is not taken for one that passed', async () => {
    const file = the.write('results.json', { results: { results: passed() } });
    const { code, err } = await the.gate('--results', file, '--junit', the.folder);
    expect([code, err]).toEqual([1, expect.stringContaining('could not be written')]);
  });
});
