import type { Verdict } from '../item/verdict.js';
import { valueOf } from './content.js';
import type { EvalCaseRecord } from './eval-case.record.js';
import type { EvalCase } from './eval-case.type.js';

/** A record as the API shows it. */
export function toEvalCase(record: EvalCaseRecord): EvalCase {
  return {
    id: record.id,
    revision: record.revision,
    contentHash: record.content_hash,
    input: valueOf(record.input),
    context: record.context ?? [],
    expected: record.expected ? valueOf(record.expected) : null,
    alternatives: (record.expected?.alternatives ?? []).map(valueOf),
    observed: valueOf(record.observed),
    verdict: record.verdict as Verdict,
    assertions: record.assertions,
    split: record.split,
    tags: record.tags,
    provenance: record.provenance,
    itemId: String(record.provenance.item_id),
  };
}
