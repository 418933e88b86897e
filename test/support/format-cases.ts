import { contentOf, type Json } from '../../src/dataset/content.js';
import { type Assertion, jsonLine } from '../../src/dataset/eval-case.record.js';
import type { StoredCase } from '../../src/dataset/formats/format.js';
import { type MadeUp, madeUpCase, madeUpCases } from './made-up-cases.js';

/** A made-up case with another split, verdict or provenance than `madeUpCase` gives. */
export function caseWith(number: number, content: MadeUp, change: object = {}): StoredCase {
  const stored = madeUpCase(number, content);
  const record = { ...JSON.parse(stored.record!), ...change };
  return { ...stored, split: record.split, record: jsonLine(record) };
}

const train = { split: 'train' };
const asked = [
  { role: 'system', content: 'You sell shoes.' },
  { role: 'user', content: 'Do you have 43?' },
  { role: 'assistant', content: 'Which colour?' },
  { role: 'user', content: 'Red.' },
];

/** What a format can and cannot say: every kind of input, answer, verdict and split. */
export const formatCases: readonly StoredCase[] = [
  ...madeUpCases,
  caseWith(6, { input: 'Which size?', output: 'Take 43.', expected: 'Take 42.' }, train),
  caseWith(7, { input: asked, output: 'None.', expected: 'Two pairs.', tags: ['stock', 'stock'] }, train),
  caseWith(8, { input: 'Hello', output: 'Hi!', expected: 'Hi!' }, { ...train, verdict: 'CONFIRMED' }),
  caseWith(9, { input: 'Rude?', output: '=Rude' }, { ...train, verdict: 'REJECTED' }),
  caseWith(10, { input: 'What is it?', output: 'x', expected: 'y', context: ['a page', { page: 2 }] }, train),
  caseWith(11, { input: [{ role: 'developer', content: 'Be short.' }], output: 'x', expected: 'y' }, train),
  caseWith(12, { input: [...asked, { role: 'tool', content: '{"red":2}' }], output: 'x', expected: 'y' }, train),
  caseWith(13, { input: [...asked, { role: 'assistant', content: 'Wait.' }], output: 'x', expected: 'y' }, train),
  caseWith(14, { input: { q: 1 }, output: 'x', expected: 'y' }, train),
  caseWith(15, { input: 'json', output: '{"a":1}', expected: { a: 1 } }, train),
  caseWith(16, { input: 'empty', output: 'x', expected: '' }, { ...train, verdict: 'CORRECTED' }),
  caseWith(17, { input: 'same', output: 'x', expected: 'x' }, train),
  caseWith(18, { input: 'null', output: 'x', expected: null }, { split: 'validation' }),
  caseWith(19, { input: '[DEEPEVAL:IMAGE:1]', output: 'x', expected: 'y' }, { split: 'validation' }),
  caseWith(20, { input: 'passage', output: 'x', expected: 'y', context: ['deepeval_source=a,deepeval_context=b'] }),
  caseWith(21, { input: 'media', output: '@@@langfuseMedia:type=image/png|id=1@@@', expected: 'y' }),
  caseWith(22, { input: [{ role: 'user', content: '' }], output: 'x', expected: 'y' }, train),
  caseWith(23, { input: 'long', output: 'x'.repeat(32_768), expected: 'y' }, { split: 'validation' }),
  caseWith(24, { input: asked, output: 'x', expected: 'y', context: ['for turns'] }, { split: 'validation' }),
  caseWith(25, { input: asked.slice(1), output: 'x', expected: 'y' }, { split: 'validation' }),
  // What a manager edited: what is right as well, and checks in place of the comparison.
  edited(26, { input: 'either', output: 'x', expected: 'y' }, { alternatives: ['z', '{"a":1}'] }, train),
  edited(27, { input: 'either here', output: 'z', expected: 'y' }, { alternatives: ['z', { a: 1 }] }, train),
  edited(28, { input: 'a value', output: 'x', expected: { a: 1, b: [2] } }, { alternatives: [{ a: 2 }, null] }),
  edited(
    29,
    { input: 'words', output: 'x', expected: 'y' },
    {
      assertions: [
        { kind: 'contains', value: 'refund', weight: 2 },
        { kind: 'not_contains', value: 'guarantee' },
        { kind: 'choice', value: ['a refund', 'no refund'] },
      ],
    },
  ),
  edited(
    30,
    { input: 'nobody said', output: 'a guarantee' },
    { assertions: [{ kind: 'not_contains', value: 'guarantee' }] },
  ),
  edited(31, { input: 'pattern', output: 'x', expected: 'y' }, { assertions: [{ kind: 'regex', value: '^\\p{Lu}' }] }),
  edited(
    32,
    { input: 'judged', output: 'x', expected: 'y' },
    { assertions: [{ kind: 'rubric', value: 'Is polite.' }] },
  ),
  edited(33, { input: 'empty as well', output: 'x', expected: 'y' }, { alternatives: [''] }, train),
  edited(
    34,
    { input: 'other value', output: 'x', expected: 'y' },
    { assertions: [{ kind: 'json_equal', value: { a: 1 } }] },
  ),
];

/** A case as a manager's edit leaves it. */
function edited(
  number: number,
  content: MadeUp,
  { alternatives, assertions }: { alternatives?: readonly Json[]; assertions?: readonly Assertion[] },
  change: object = {},
): StoredCase {
  const { record } = madeUpCase(number, content);
  const { expected, provenance } = JSON.parse(record!);
  return caseWith(number, content, {
    ...change,
    ...(alternatives && { expected: { ...expected, alternatives: alternatives.map(contentOf) } }),
    ...(assertions && { assertions }),
    provenance: { ...provenance, edited: { by: `r_${'0'.repeat(16)}`, at: '2026-01-01T00:00:02.000Z' } },
  });
}
