import type { Json } from '../../src/dataset/content.js';
import { contentOf } from '../../src/dataset/content.js';
import { caseContent, contentHash, jsonLine } from '../../src/dataset/eval-case.record.js';
import type { StoredCase } from '../../src/dataset/formats/format.js';

export interface MadeUp {
  readonly input: Json;
  readonly output: Json;
  readonly expected?: Json;
  readonly context?: Json[];
  readonly tags?: string[];
}

/** A stored case as promotion writes it, with ids and times that are always the same. */
export function madeUpCase(number: number, { input, output, expected, context = [], tags = [] }: MadeUp): StoredCase {
  const id = `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const content = caseContent(input, expected);
  const hash = `sha256:${contentHash(content)}`;
  const record = jsonLine({
    schema: content.schema,
    id,
    revision: 1,
    content_hash: hash,
    input: content.input,
    ...(context.length > 0 && { context }),
    ...(content.expected && { expected: content.expected }),
    observed: contentOf(output),
    verdict: expected === undefined ? 'REJECTED' : 'CORRECTED',
    assertions: content.assertions,
    tags,
    split: 'test',
    group_key: id,
    provenance: {
      source: 'made up',
      queue: 'support',
      item_id: id,
      external_id: String(number),
      flagged_at: '2026-01-01T00:00:00.000Z',
      flag_reasons: [],
      signals: [],
      labels: {},
      reviews: [],
      adjudicated: false,
      resolved_by: 'CONSENSUS',
      resolved_at: '2026-01-01T00:00:01.000Z',
    },
  });
  return { id, revision: 1, contentHash: hash, split: 'test', record };
}

/** One of each kind that a case can be. */
export const madeUpCases: readonly StoredCase[] = [
  madeUpCase(1, { input: 'Can I return {{item}}?\n', output: 'No returns.', expected: 'Yes, within 30 days.' }),
  madeUpCase(2, {
    input: [
      { role: 'system', content: 'You sell shoes.' },
      { role: 'user', content: 'Größe 43 🩰?' },
    ],
    output: 'Sure.',
    expected: '',
    context: ['In stock: 41, 42.', { page: 3, text: null }],
    tags: ['stock', '=SUM(A1)'],
  }),
  madeUpCase(3, { input: { b: [1, 2.5, null], a: true }, output: { ok: false }, expected: { ok: true } }),
  madeUpCase(4, { input: 'Lines \u0085 \u2028 \u2029 end', output: 'nonsense' }),
  { ...madeUpCase(5, { input: '', output: '' }), revision: 2, record: null },
];
