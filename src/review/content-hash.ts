import { createHash } from 'node:crypto';

import type { Verdict } from '../item/verdict.js';
import { canonical } from '../project/canonical.js';

/** A person's whole answer, with nothing left open. */
export interface CompleteAnswer {
  readonly verdict: Verdict;
  readonly correctedOutput: unknown;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly comment: string | null;
}

/**
 * What makes a repeated submit the same: SHA-256, in hex, over the RFC 8785 form of the answer, an object of its
 * `verdict`, `correctedOutput`, `labels` and `comment`, null where there is none.
 */
export function contentHash({ verdict, correctedOutput, labels, comment }: CompleteAnswer): string {
  return createHash('sha256').update(canonical({ verdict, correctedOutput, labels, comment })).digest('hex');
}
