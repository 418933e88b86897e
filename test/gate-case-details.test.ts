import { expect, test } from 'vitest';

import { detailsOf } from '../src/cli/gate.cases.js';

const id = '019a0000-0000-7000-8000-000000000001';
const other = '019a0000-0000-7000-8000-000000000002';
const provenance = {
  source: 'app',
  risk: 'HIGH',
  model: { name: 'm', version: '1' },
  labels: { failure: 'tone', harm: 3 },
};
const record = { schema: 'countersign.eval_case/1', revision: 1, verdict: 'CORRECTED', tags: ['a', 'b'], provenance };
const text = (value: string) => ({ kind: 'text', text: value });

const rows: Record<string, unknown> = {
  'the canonical record': { ...record, id, input: text('q'), expected: text('a') },
  'a test of promptfoo': {
    description: id,
    vars: { case: { id, input: 'q', expected: 'a', record_json: JSON.stringify({ ...record, id }) } },
  },
  'a sample of Inspect': { id, input: 'q', target: 'a', metadata: { ...record, case_id: id } },
  'a golden of DeepEval': {
    input: 'q',
    expected_output: 'a',
    name: id,
    additional_metadata: { ...record, case_id: id },
  },
  'a record with text metadata': {
    item: { case_id: id, input: 'q', expected: 'a', record_json: JSON.stringify(record) },
  },
};

test.each(Object.entries(rows))('%s tells what a case asks, wants and is labelled with', (_, row) => {
  for (const bytes of [`${JSON.stringify(row)}\n`, `[\n${JSON.stringify(row)}\n]\n`]) {
    const details = detailsOf(Buffer.from(bytes), [id]).get(id);
    expect([details?.input, details?.expected]).toEqual(['q', 'a']);
    const labels = Object.fromEntries(details?.labels ?? []);
    expect(labels).toMatchObject({ failure: ['tone'], harm: ['3'], tags: ['a', 'b'], risk: ['HIGH'], model: ['m 1'] });
  }
});

test('a text that only looks like a record labels nothing', () => {
  const fake = JSON.stringify({ ...record, id: other, provenance: { labels: { failure: 'none' } } });
  const details = detailsOf(Buffer.from(`${JSON.stringify({ id, input: fake, target: 'a' })}\n`), [id]).get(id);
  expect(details).toEqual({ input: fake, expected: 'a', labels: new Map() });
});

test('rows that are not those of the manifest, and files that are no JSON, tell nothing', () => {
  expect(detailsOf(Buffer.from(`${JSON.stringify(rows['a sample of Inspect'])}\n`), [id, other]).size).toBe(0);
  expect(detailsOf(Buffer.from('PAR1'), [id]).size).toBe(0);
});
