import { isPlain } from './checks.js';
import { recordOf } from './metadata.js';
import type { ExportFormat, StoredCase } from './format.js';

/**
 * A format whose reader compares with the expected output, and with nothing else: cases with alternatives or checks of
 * their own would be judged by other rules there, so they are skipped.
 */
export function onlyPlain(format: ExportFormat): ExportFormat {
  return {
    ...format,
    encode: (stored, info) =>
      mayBePlain(stored) ? format.encode(stored, info) : { skipped: 'alternatives or checks of its own' },
  };
}

/** Only what a manager edited can be other than plain, and says so at its end; the rest need not be read twice. */
function mayBePlain(stored: StoredCase): boolean {
  if (!stored.record?.includes('"edited":{"by":"r_')) return true;
  const record = recordOf(stored);
  return record === null || isPlain(record);
}
