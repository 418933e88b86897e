import { valueOf } from '../content.js';
import { caseContent, type EvalCaseRecord } from '../eval-case.record.js';
import type { ExportFormat, StoredCase } from './format.js';

/**
 * A format whose suite compares with the expected output, and with nothing else: cases with alternatives or checks of
 * their own would be judged by other rules there, so they are skipped. Canonical JSONL has them.
 */
export function onlyPlain(format: ExportFormat): ExportFormat {
  return {
    ...format,
    encode: (stored, info) =>
      isPlain(stored) ? format.encode(stored, info) : { skipped: 'alternatives or checks of its own' },
  };
}

/** Only what a manager edited can be other than plain, and says so at its end; the rest need not be read twice. */
function isPlain({ record }: StoredCase): boolean {
  if (!record?.includes('"edited":{"by":"r_')) return true;
  const { input, expected, assertions } = JSON.parse(record) as EvalCaseRecord;
  if (expected?.alternatives) return false;
  const plain = caseContent(valueOf(input), expected && valueOf(expected));
  return JSON.stringify(plain.assertions) === JSON.stringify(assertions);
}
