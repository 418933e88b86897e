import { describe, expect, test } from 'vitest';

import { type Fault, formatFault } from '../src/project/fault.js';
import { labelFaults } from '../src/project/labels.js';
import { checkRubric } from '../src/project/rubric.draft.js';
import { decide } from '../src/review/resolution.js';

function rubric(fields: unknown) {
  const faults: Fault[] = [];
  const checked = checkRubric(fields, ['rubric'], faults);
  expect(faults).toEqual([]);
  return checked;
}

function faultsOf(fields: unknown): string[] {
  const faults: Fault[] = [];
  checkRubric(fields, ['rubric'], faults);
  return faults.map(formatFault);
}

const spans = { name: 'parts', type: 'SPANS', options: ['wrong', 'tone'] };
const ranking = { name: 'order', type: 'RANKING', options: ['a', 'b', 'c'] };
const failure = { name: 'failure', type: 'CHOICE', options: ['none', 'fact'] };
const why = { name: 'why', type: 'TEXT', required: true };

test('the further kinds are stored with what was left out filled in', () => {
  expect(rubric([spans, { ...ranking, top: 3 }])).toEqual([
    {
      name: 'parts',
      type: 'SPANS',
      label: 'parts',
      required: false,
      options: [
        { value: 'wrong', label: 'wrong' },
        { value: 'tone', label: 'tone' },
      ],
      maxSpans: 1_000,
      overlap: false,
    },
    // The three best of three are all of them.
    expect.not.objectContaining({ top: 3 }),
  ]);
  const one = rubric([failure, { ...why, shownIf: { field: 'failure', in: ['fact'] } }]);
  const list = rubric([failure, { ...why, shownIf: [{ field: 'failure', in: ['fact'] }] }]);
  expect(one).toEqual(list);
  const notes = [{ value: false, label: 'Invented' }, { value: true }];
  expect(rubric([{ name: 'ok', type: 'BOOLEAN', values: notes }])[0]!.values).toEqual(notes.toReversed());
});

describe('a rubric is refused with every fault and its place', () => {
  const shown = (condition: unknown) => [failure, { ...why, shownIf: condition }];
  test.each<[unknown, string]>([
    [[{ ...spans, options: undefined }], 'rubric[0].options: is required: a list of at least 1'],
    [[{ ...spans, target: 'answer' }], 'rubric[0].target: must be a JSON pointer such as /answer'],
    [[{ ...spans, target: '/a~2' }], 'rubric[0].target: must be a JSON pointer'],
    [[{ ...spans, minSpans: 3, maxSpans: 2 }], 'rubric[0].maxSpans: must be at least minSpans, 3'],
    [[{ ...spans, maxSpans: 0 }], 'rubric[0].maxSpans: must be 1 to 1000; it is 0'],
    [[{ ...spans, overlap: 'no' }], 'rubric[0].overlap: must be true or false; it is the text "no"'],
    [[{ ...spans, top: 1 }], 'rubric[0].top: means nothing for a field of the type SPANS'],
    [[{ ...ranking, options: ['a'] }], 'rubric[0].options: needs at least 2'],
    [[{ ...ranking, top: 4 }], 'rubric[0].top: must be at most the number of options, 3'],
    [
      [{ name: 's', type: 'SCALE', min: 0, max: 1, step: 0.3 }],
      'rubric[0].max: must be min plus a multiple of step: 0, 0.3, …',
    ],
    [[{ name: 's', type: 'SCALE', min: 0, max: 5, step: 0.1 }], 'rubric[0].max: a scale has at most 20 steps'],
    [[{ name: 's', type: 'SCALE', step: -1 }], 'rubric[0].step: must be more than 0'],
    [
      [{ name: 's', type: 'SCALE', values: [{ value: 6 }] }],
      'rubric[0].values[0].value: must be one of 1, 2, 3, 4, 5; it is 6',
    ],
    [
      [{ name: 'b', type: 'BOOLEAN', values: [{ value: true }, { value: true }] }],
      'rubric[0].values[1]: true stands here twice',
    ],
    [[{ name: 't', type: 'TEXT', minLength: 9, maxLength: 8 }], 'rubric[0].maxLength: must be at least minLength, 9'],
    [shown('failure'), 'rubric[1].shownIf: must be a mapping with field, in, verdict; it is the text "failure"'],
    [shown({ field: 'failure' }), 'rubric[1].shownIf.in: is required: a list of at least one answer'],
    [shown({ field: 'x', in: ['a'] }), 'rubric[1].shownIf: there is no field "x"'],
    [
      shown({ field: 'failure', in: ['tone'] }),
      'the text "tone" is no answer to "failure"; its answers are none, fact',
    ],
    [shown({ field: 'failure', in: [1] }), '1 is no answer to "failure"'],
    [shown({ verdict: ['MAYBE'] }), 'rubric[1].shownIf.verdict[0]: must be one of CONFIRMED, CORRECTED, REJECTED'],
    [shown({ verdict: [] }), 'rubric[1].shownIf.verdict: needs at least one of'],
    [shown({ verdict: ['REJECTED'], field: 'failure' }), 'rubric[1].shownIf.field: stands beside verdict'],
    [[why, { ...failure, shownIf: { field: 'why', in: ['x'] } }], 'rubric[1].shownIf: "why" is of the type TEXT'],
    [
      [{ ...failure, shownIf: { field: 'failure', in: ['none'] } }],
      'rubric[0].shownIf: goes in a circle: failure → failure',
    ],
  ])('%j', (fields, expected) => expect(faultsOf(fields)).toEqual([expect.stringContaining(expected)]));

  test('a circle of three is named at each of them', () => {
    const field = (name: string, on: string) => ({ ...failure, name, shownIf: { field: on, in: ['fact'] } });
    expect(faultsOf([field('a', 'b'), field('b', 'c'), field('c', 'a')])).toEqual([
      'rubric[0].shownIf: goes in a circle: a → b → c → a',
      'rubric[1].shownIf: goes in a circle: b → c → a → b',
      'rubric[2].shownIf: goes in a circle: c → a → b → c',
    ]);
  });
});

describe('stretches are counted in code points of the output', () => {
  // 👩‍🚒 is three code points, é two.
  const output = 'a👩‍🚒e\u0301שלום';
  const fields = rubric([{ ...spans, maxSpans: 3 }]);
  const faults = (parts: unknown, more: object = {}) =>
    labelFaults([{ ...fields[0]!, ...more }], { labels: { parts }, verdict: null, output }).map(
      ({ message }) => message,
    );

  test('from the first to behind the last; what only touches does not overlap', () => {
    const parts = [
      { start: 0, end: 4, label: 'wrong' },
      { start: 4, end: 6, label: 'tone' },
      { start: 6, end: 10, label: 'tone' },
    ];
    expect(faults(parts)).toEqual([]);
    expect(faults([])).toEqual([]);
  });

  test.each<[unknown, string]>([
    ['x', 'must be a list of {start, end, label}; it is the text "x"'],
    [[1], '[0] must be {start, end, label}; it is 1'],
    [[{ start: 0, end: 1, label: 'wrong', text: 'a' }], '[0] has "text"'],
    [[{ start: 0, end: 11, label: 'wrong' }], '[0] ends at 11, but the text has 10 code points'],
    [[{ start: 1, end: 1, label: 'wrong' }], '[0] start must be at least 0 and less than end'],
    [[{ start: -1, end: 1, label: 'wrong' }], '[0] start must be at least 0'],
    [[{ start: 0.5, end: 1, label: 'wrong' }], '[0] start and end must be whole numbers'],
    [[{ start: 0, end: '1', label: 'wrong' }], '[0] start and end must be whole numbers'],
    [[{ start: 0, end: 1, label: 'none' }], '[0] label must be one of wrong, tone; it is the text "none"'],
    [
      [
        { start: 0, end: 3, label: 'wrong' },
        { start: 2, end: 4, label: 'tone' },
      ],
      '0 to 3 and 2 to 4 overlap',
    ],
    [Array.from({ length: 4 }, (_, i) => ({ start: i, end: i + 1, label: 'tone' })), 'has 4; at most 3 are allowed'],
  ])('%j', (parts, expected) => expect(faults(parts)).toEqual([expect.stringContaining(expected)]));

  test('overlapping and too few, as the field says', () => {
    const over = [
      { start: 0, end: 3, label: 'wrong' },
      { start: 2, end: 4, label: 'wrong' },
    ];
    expect(faults(over, { overlap: true })).toEqual([]);
    expect(faults([over[0], over[0]], { overlap: true })).toEqual(['marks 0 to 3 as wrong twice']);
    expect(faults([], { minSpans: 1 })).toEqual(['needs at least 1; it has 0']);
  });

  test('a text inside the output is named by a JSON pointer; where there is none, nothing is asked', () => {
    const inside = rubric([{ ...spans, target: '/a~1b/0/text', required: true }]);
    const at = (value: unknown, labels: object) =>
      labelFaults(inside, { labels, verdict: null, output: value }).map(({ message }) => message);
    const marked = { parts: [{ start: 0, end: 2, label: 'tone' }] };
    expect(at({ 'a/b': [{ text: 'hi' }] }, marked)).toEqual([]);
    expect(at({ 'a/b': [{ text: 'h' }] }, marked)).toEqual([expect.stringContaining('has 1 code points')]);
    expect(at({ 'a/b': [{ text: 'hi' }] }, {})).toEqual(['is required']);
    expect(at({ 'a/b': [{ text: 7 }] }, {})).toEqual([]);
    expect(at('plain', marked)).toEqual(['is answered but not asked here: the output has no text at /a~1b/0/text']);
  });

  test('reviewers who marked the same in another order agree', () => {
    const [first, second] = [
      { start: 0, end: 1, label: 'tone' },
      { start: 2, end: 3, label: 'wrong' },
    ];
    const review = (parts: unknown) => ({ verdict: 'CONFIRMED' as const, correctedOutput: null, labels: { parts } });
    expect(decide([review([first, second]), review([second, first])]).labels).toEqual({ parts: [first, second] });
  });
});

test.each<[object, unknown, string | null]>([
  [{}, ['b', 'a', 'c'], null],
  [{}, ['b', 'a'], 'must rank all 3 options; it ranks 2'],
  [{}, ['b', 'a', 'a'], 'names an option twice'],
  [{}, ['b', 'a', 'x'], 'must be one of a, b, c'],
  [{}, 'b', 'must be a list; it is the text "b"'],
  [{ top: 2 }, ['c', 'a'], null],
  [{ top: 2 }, ['c'], 'must rank the best 2 of the options; it ranks 1'],
  [{ top: 2 }, ['c', 'a', 'b'], 'must rank the best 2 of the options; it ranks 3'],
])('a ranking of %j: %j', (more, order, expected) => {
  const faults = labelFaults(rubric([{ ...ranking, ...more }]), { labels: { order }, verdict: null });
  expect(faults.map(({ message }) => message)).toEqual(expected === null ? [] : [expect.stringContaining(expected)]);
});

test('a scale may go in steps, and its answers are its points exactly', () => {
  const fields = rubric([{ name: 's', type: 'SCALE', min: 0, max: 1, step: 0.1 }]);
  const faults = (s: unknown) => labelFaults(fields, { labels: { s }, verdict: null }).map(({ message }) => message);
  expect(faults(0.3)).toEqual([]);
  expect(faults(0)).toEqual([]);
  expect(faults(0.35)).toEqual([expect.stringContaining('a multiple of 0.1')]);
  expect(faults(0.1 + 0.2)).toEqual([expect.stringContaining('must be one of 0, 0.1, 0.2, 0.3')]);
});

describe('a field that is asked only where its conditions hold', () => {
  const fields = rubric([
    failure,
    { name: 'topics', type: 'CHOICES', options: ['x', 'y'] },
    { name: 'bad', type: 'BOOLEAN', required: true, shownIf: { field: 'failure', in: ['fact'] } },
    { ...why, shownIf: [{ field: 'bad', in: [false] }, { verdict: ['REJECTED', 'CORRECTED'] }] },
    { name: 'y', type: 'TEXT', required: true, shownIf: { field: 'topics', in: ['y'] } },
  ]);
  test.each<[object, string | null, string[]]>([
    [{}, null, []],
    [{ failure: 'none' }, 'REJECTED', []],
    [{ failure: 'fact' }, null, ['bad: is required']],
    [{ failure: 'fact', bad: false }, 'CONFIRMED', []],
    [{ failure: 'fact', bad: false }, 'REJECTED', ['why: is required']],
    [{ failure: 'fact', bad: false, why: '' }, 'CORRECTED', []],
    [{ failure: 'none', bad: true }, null, ['bad: is answered but not asked here: it is asked where failure is fact']],
    [{ failure: 'none', bad: null }, null, []],
    // What is not asked itself makes nothing asked.
    [{ bad: false, why: 'w' }, 'REJECTED', ['bad: is answered but not asked', 'why: is answered but not asked']],
    [{ topics: ['x', 'y'] }, null, ['y: is required']],
    [{ topics: ['x'] }, null, []],
    [{ topics: [] }, null, []],
  ])('%j, %s', (labels, verdict, expected) => {
    const faults = labelFaults(fields, { labels, verdict }).map(({ field, message }) => `${field}: ${message}`);
    expect(faults).toEqual(expected.map((one) => expect.stringContaining(one) as unknown));
  });
});
