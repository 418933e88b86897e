import 'reflect-metadata';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { formats } from '../src/dataset/formats/index.js';
import { evalCaseSchema } from '../src/dataset/formats/jsonl.schema.js';
import { type Desk, download, flag, openDesk, saveQueue, settle } from './support/dataset.js';
import { info } from './support/format-files.js';
import { claim, codeOf, type Held, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const OUTPUT = { answer: 'Wir zahlen 👩‍🚒 60 €.' };
const RUBRIC = [
  { name: 'failure', type: 'CHOICE', options: ['none', 'fact'], required: true },
  {
    name: 'parts',
    type: 'SPANS',
    options: ['wrong'],
    target: '/answer',
    minSpans: 1,
    required: true,
    shownIf: { field: 'failure', in: ['fact'] },
  },
  { name: 'sources', type: 'RANKING', options: ['policy', 'mail', 'web'], top: 2 },
  { name: 'why', type: 'TEXT', minLength: 3, required: true, shownIf: { verdict: 'REJECTED' } },
  { name: 'sure', type: 'SCALE', min: 0, max: 1, step: 0.5 },
];
const LABELS = {
  failure: 'fact',
  parts: [{ start: 11, end: 19, label: 'wrong' }],
  sources: ['web', 'policy'],
  sure: 0,
};

let service: TestService;
let desk: Desk;
let member: TestMember;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
  member = await service.member();
  await saveQueue(service, desk.manager, { key: 'support', rubric: RUBRIC });
});
afterAll(() => service?.stop());

async function next(): Promise<Held> {
  await flag(desk, [{ output: OUTPUT }]);
  const { assignments } = await claim(service, member, { queue: 'support' });
  return assignments[0]!;
}

test('labels of every kind come back as they were sent, and stand in the eval case', async () => {
  const held = await next();
  const answer = await submit(service, member, held, { verdict: 'CONFIRMED', labels: LABELS });
  expect(answer.errors).toBeUndefined();
  expect(answer.data.submitReview.review.labels).toEqual(LABELS);
  await settle(desk);
  const { lines } = await download(desk);
  const line = lines.find(({ provenance }) => provenance.item_id === held.item.id);
  expect(line.provenance.labels).toEqual(LABELS);
  expect([...(line.observed.value.answer as string)].slice(11, 19).join('')).toBe('👩‍🚒 60 €');
  expect(new Ajv2020({ strict: false, validateFormats: false }).compile(evalCaseSchema)(line)).toBe(true);

  for (const format of formats.values()) {
    const stored = {
      id: line.id,
      revision: 1,
      contentHash: line.content_hash,
      split: line.split,
      record: JSON.stringify(line),
    };
    const encoded = format.encode(stored, info);
    const text = 'line' in encoded ? String(encoded.line) : '';
    // Some formats hold no labels at all; none holds them bent.
    if (text.includes('parts'))
      expect(holds(format.name === 'csv-exact' ? csvCells(text) : jsonOf(text), LABELS), format.name).toBe(true);
  }
});

test('stretches are checked against the output of the item, also of a decision', async () => {
  const held = await next();
  const refusal = async (labels: object, verdict = 'CONFIRMED') => {
    const answer = await submit(service, member, held, { verdict, labels });
    expect(codeOf(answer)).toBe('RUBRIC_VIOLATION');
    return answer.errors![0]!.message;
  };
  const parts = [{ start: 11, end: 21, label: 'wrong' }];
  expect(await refusal({ ...LABELS, parts })).toContain('parts: [0] ends at 21, but the text has 20 code points');
  expect(await refusal({ failure: 'fact' })).toBe('parts: is required');
  expect(await refusal({ ...LABELS, failure: 'none' })).toContain('parts: is answered but not asked here');
  expect(await refusal(LABELS, 'REJECTED')).toBe('why: is required');
  expect(await refusal({ ...LABELS, why: 'w' }, 'REJECTED')).toBe('why: has 1 characters; at least 3 are needed');
  expect(await refusal({ ...LABELS, why: 'long' })).toContain(
    'why: is answered but not asked here: it is asked where the verdict is REJECTED',
  );
  expect(await refusal({ ...LABELS, sources: ['web'] })).toBe(
    'sources: must rank the best 2 of the options; it ranks 1',
  );
  expect(
    codeOf(await submit(service, member, held, { verdict: 'REJECTED', labels: { failure: 'none', why: 'bad' } })),
  ).toBe(null);

  await saveQueue(service, desk.manager, { key: 'support', reviewsRequired: 2 });
  const other = await service.member();
  const [first] = [await next()];
  const item = first.item.id;
  await submit(service, member, first, { verdict: 'CONFIRMED', labels: LABELS });
  const [second] = (await claim(service, other, { queue: 'support' })).assignments;
  await submit(service, other, second!, { verdict: 'REJECTED', labels: { ...LABELS, why: 'wrong' } });
  const adjudicate = (labels: object) =>
    service.ask(
      desk.manager,
      `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { resolution { labels } } } }`,
      {
        input: { itemId: item, verdict: 'CONFIRMED', labels },
      },
    );
  expect(codeOf(await adjudicate({ ...LABELS, parts }))).toBe('RUBRIC_VIOLATION');
  const decided = await adjudicate(LABELS);
  expect(decided.data.adjudicate.item.resolution.labels).toEqual(LABELS);
});

describe('a rubric that hangs together badly is refused whole, and a version never changes', () => {
  const save = (rubric: unknown) =>
    service.ask(
      desk.manager,
      `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { rubric { version fields } } } }`,
      {
        input: { key: 'support', rubric },
      },
    );
  const versions = () => service.sql(`SELECT version, fields FROM rubric ORDER BY version`);

  test.each([
    [
      'a circle',
      [
        { ...RUBRIC[0], shownIf: { field: 'b', in: ['x'] } },
        { name: 'b', type: 'CHOICES', options: ['x'], shownIf: { field: 'failure', in: ['none'] } },
      ],
    ],
    ['an unknown field', [{ ...RUBRIC[0], shownIf: { field: 'nothing', in: ['x'] } }]],
    ['a bad pointer', [{ ...RUBRIC[1], target: 'answer' }]],
  ])('%s', async (_, rubric) => {
    const before = await versions();
    expect(codeOf(await save(rubric))).toBe('INVALID_INPUT');
    expect(await versions()).toEqual(before);
  });

  test('what was held before a change is answered by the rubric of before', async () => {
    const held = await next();
    const before = await versions();
    await save([{ name: 'only', type: 'BOOLEAN', required: true }]);
    expect((await versions()).slice(0, before.length)).toEqual(before);
    expect(codeOf(await submit(service, member, held, { verdict: 'CONFIRMED', labels: { only: true } }))).toBe(
      'RUBRIC_VIOLATION',
    );
    expect(codeOf(await submit(service, member, held, { verdict: 'CONFIRMED', labels: LABELS }))).toBe(null);
    await save(RUBRIC);
  });
});

test('agreement takes a ranking as one answer, and says that it compares no stretches', async () => {
  const manager = await service.member({ role: Role.MANAGER });
  const agreement = (field: string) =>
    service.ask(
      manager.token,
      `query ($field: String!) { agreement(queue: "support", field: $field, metric: PERCENT) { scale coefficients { value } } }`,
      { field },
    );
  const spans = await agreement('parts');
  expect(codeOf(spans)).toBe('INVALID_INPUT');
  expect(spans.errors![0]!.message).toContain('"parts" is of the type SPANS; agreement is measured of');
  expect(await agreement('sources')).toMatchObject({
    data: { agreement: { scale: 'NOMINAL' } },
  });
});

/** Whether `wanted` stands somewhere in a value, as JSON text too. */
function holds(value: unknown, wanted: object): boolean {
  if (typeof value === 'string') return /^[[{]/.test(value) && holds(jsonOf(value), wanted);
  if (typeof value !== 'object' || value === null) return false;
  if (same(value, wanted)) return true;
  return Object.values(value).some((entry) => holds(entry, wanted));
}

function same(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function csvCells(line: string): string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!.replaceAll('""', '"'));
}
