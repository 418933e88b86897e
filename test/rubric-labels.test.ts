import { describe, expect, test } from 'vitest';

import { type Fault, formatFault } from '../src/project/fault.js';
import { checkLabels, labelFaults } from '../src/project/labels.js';
import { checkRubric } from '../src/project/rubric.draft.js';

function rubric(fields: unknown) {
  const faults: Fault[] = [];
  const checked = checkRubric(fields, ['rubric'], faults);
  expect(faults).toEqual([]);
  return checked;
}

const said = (labels: unknown) => ({ labels, verdict: null });

function faultsOf(fields: unknown): string[] {
  const faults: Fault[] = [];
  checkRubric(fields, ['rubric'], faults);
  return faults.map(formatFault);
}

test('a rubric is stored with what was left out filled in, so that equal rubrics are equal', () => {
  const short = rubric([{ name: 'tone', type: 'CHOICE', options: ['good', 'bad'] }]);
  const long = rubric([
    {
      options: [{ label: 'good', value: 'good' }, { value: 'bad' }],
      required: false,
      label: 'tone',
      type: 'CHOICE',
      name: 'tone',
    },
  ]);
  expect(short).toEqual(long);
  expect(rubric([{ name: 's', type: 'SCALE' }])).toEqual([
    { name: 's', type: 'SCALE', label: 's', required: false, min: 1, max: 5 },
  ]);
});

describe('a rubric is refused with every fault and its place', () => {
  const choice = { name: 'tone', type: 'CHOICE', options: ['good', 'bad'] };
  test.each<[unknown, string]>([
    ['x', 'rubric: must be a list; it is the text "x"'],
    [[1], 'rubric[0]: must be a mapping with name, type, label,'],
    [[{ type: 'TEXT' }], 'rubric[0].name: is required'],
    [[{ name: '1st', type: 'TEXT' }], 'rubric[0].name: "1st" must begin with a letter'],
    [[{ name: '__proto__', type: 'TEXT' }], 'rubric[0].name: "__proto__" must begin with a letter'],
    [
      [{ name: 'a', type: 'STARS' }],
      'rubric[0].type: must be one of BOOLEAN, CHOICE, CHOICES, NUMBER, SCALE, TEXT, SPANS, RANKING',
    ],
    [[{ name: 'a' }], 'rubric[0].type: is required: BOOLEAN'],
    [[{ ...choice, required: 'yes' }], 'rubric[0].required: must be true or false; it is the text "yes"'],
    [[{ name: 'a', type: 'CHOICE' }], 'rubric[0].options: is required: a list of at least 2'],
    [[{ ...choice, options: ['one'] }], 'rubric[0].options: needs at least 2'],
    [[{ ...choice, options: ['one', 'one'] }], 'rubric[0].options[1]: "one" stands here twice'],
    [
      [{ ...choice, options: ['one', 2] }],
      'rubric[0].options[1]: must be a mapping with value, label, guidance; it is 2',
    ],
    [[{ ...choice, options: ['one', { label: 'x' }] }], 'rubric[0].options[1].value: is required'],
    [[{ ...choice, min: 1 }], 'rubric[0].min: means nothing for a field of the type CHOICE'],
    [[{ ...choice, choices: [] }], 'rubric[0].choices: is not known here; allowed are name, type, label,'],
    [[{ name: 'n', type: 'NUMBER', min: 2, max: 1 }], 'rubric[0].max: must be more than min, 2'],
    [[{ name: 'n', type: 'NUMBER', step: 0 }], 'rubric[0].step: must be more than 0'],
    [[{ name: 'n', type: 'SCALE', max: 5.5 }], 'rubric[0].max: must be a whole number; it is 5.5'],
    [[{ name: 'n', type: 'SCALE', max: 100 }], 'rubric[0].max: a scale has at most 20 steps; use NUMBER for more'],
    [[{ name: 't', type: 'TEXT', maxLength: 0 }], 'rubric[0].maxLength: must be 1 to 100000; it is 0'],
    [[{ name: 't', type: 'TEXT', label: 'a\u0000b' }], 'rubric[0].label: holds a control character'],
    [[choice, choice], 'rubric[1].name: "tone" is the name of field 1 too'],
    [Array.from({ length: 51 }, (_, i) => ({ name: `f${i}`, type: 'TEXT' })), 'rubric: has 51 entries; at most 50'],
  ])('%j', (fields, expected) => expect(faultsOf(fields)).toEqual([expect.stringContaining(expected)]));
});

const fields = rubric([
  { name: 'correct', type: 'BOOLEAN', required: true },
  { name: 'failure', type: 'CHOICE', options: ['none', 'wrong'], required: true },
  { name: 'issues', type: 'CHOICES', options: ['tone', 'facts'], required: true },
  { name: 'minutes', type: 'NUMBER', min: 0, max: 10, step: 0.1, required: true },
  { name: 'quality', type: 'SCALE', min: 0, max: 4, required: true },
  { name: 'note', type: 'TEXT', maxLength: 5, required: true },
]);
const answers = { correct: true, failure: 'wrong', issues: ['facts'], minutes: 0.3, quality: 3, note: 'ok' };

test('false, 0, "" and [] are answers', () => {
  expect(labelFaults(fields, said(answers))).toEqual([]);
  expect(
    labelFaults(fields, said({ ...answers, correct: false, issues: [], minutes: 0, quality: 0, note: '' })),
  ).toEqual([]);
});

test('what is not required may be left out or null; what is required may not', () => {
  const optional = fields.map((field) => ({ ...field, required: false }));
  expect(labelFaults(optional, said(undefined))).toEqual([]);
  expect(labelFaults(optional, said(null))).toEqual([]);
  expect(labelFaults(optional, said({ correct: null }))).toEqual([]);
  expect(labelFaults(fields, said({})).map(({ field }) => field)).toEqual(fields.map(({ name }) => name));
  expect(labelFaults(fields, said({ ...answers, correct: null }))).toEqual([
    { field: 'correct', message: 'is required' },
  ]);
});

describe('a label that does not answer its field is refused', () => {
  test.each<[object, string]>([
    [{ correct: 0 }, 'correct: must be true or false; it is 0'],
    [{ correct: 'false' }, 'correct: must be true or false; it is the text "false"'],
    [{ failure: 'other' }, 'failure: must be one of none, wrong; it is the text "other"'],
    [{ failure: ['none'] }, 'failure: must be one of none, wrong; it is a list'],
    [{ issues: 'tone' }, 'issues: must be a list; it is the text "tone"'],
    [{ issues: ['tone', 'tone'] }, 'issues: names an option twice'],
    [{ issues: ['tone', 'x'] }, 'issues: must be one of tone, facts; it is the text "x"'],
    [{ minutes: '3' }, 'minutes: must be a number; it is the text "3"'],
    [{ minutes: -0.1 }, 'minutes: must be at least 0; it is -0.1'],
    [{ minutes: 10.1 }, 'minutes: must be at most 10; it is 10.1'],
    [{ minutes: 0.35 }, 'minutes: must be 0 plus a multiple of 0.1; it is 0.35'],
    [{ quality: 2.5 }, 'quality: must be 0 plus a multiple of 1; it is 2.5'],
    [{ quality: 5 }, 'quality: must be at most 4; it is 5'],
    [{ note: 7 }, 'note: must be text; it is 7'],
    [{ note: 'too long' }, 'note: has 8 characters; at most 5 are allowed'],
    [{ tone: 'good' }, 'tone: is not in the rubric; its fields are correct, failure,'],
    [{ constructor: 1 }, 'constructor: is not in the rubric'],
  ])('%j', (change, expected) => {
    const [fault, ...others] = labelFaults(fields, said({ ...answers, ...change }));
    expect(`${fault?.field}: ${fault?.message}`).toContain(expected);
    expect(others).toEqual([]);
  });

  test('labels that are no object', () => {
    expect(labelFaults(fields, said('x'))).toEqual([
      { field: 'labels', message: expect.stringContaining('must be an object') },
    ]);
    expect(labelFaults(fields, said([]))).toHaveLength(1);
  });

  test('all of them in one RUBRIC_VIOLATION', () => {
    const named = (field: string) => expect.objectContaining({ field }) as unknown;
    expect(() => checkLabels(fields, said({ ...answers, correct: 1, note: 7, x: 1 }))).toThrow(
      expect.objectContaining({
        code: 'RUBRIC_VIOLATION',
        details: { faults: [named('x'), named('correct'), named('note')] },
      }),
    );
  });
});
