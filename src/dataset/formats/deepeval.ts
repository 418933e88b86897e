import { asText, type Json } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { unjudgeable } from './checks.js';
import { deepevalReadme, deepevalTest } from './deepeval.text.js';
import { jsonArrayFrame } from './frame.js';
import { holds, metadataOf, recordOf, RETRACTED } from './metadata.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/**
 * Goldens of DeepEval, a JSON array (its CSV reader guesses types). `scenario` is never written: it would make a golden
 * a conversation. `actual_output` is left to the run.
 */
export const deepeval: ExportFormat = {
  name: 'deepeval',
  version: 2,
  title: 'DeepEval',
  casesFile: 'goldens.json',
  files: (info) => [{ path: 'test_cases.py', content: deepevalTest }, deepevalReadme(info)],
  encode,
  frame: jsonArrayFrame,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const reason = unjudgeable(record, 'Python');
  if (reason !== null) return { skipped: reason };
  const { input, expected, context = [] } = record;
  const passages = context.map((passage) => (typeof passage === 'string' ? passage : JSON.stringify(passage)));
  const texts: Json = [asText(input), expected ? asText(expected) : '', ...passages];
  if (holds(texts, '[DEEPEVAL:')) return { skipped: 'holds [DEEPEVAL:, which DeepEval takes for an attachment' };
  if (passages.some((passage) => passage.startsWith('deepeval_source='))) {
    return { skipped: 'context that starts with deepeval_source=, which DeepEval takes for an object' };
  }
  return {
    line: jsonLine({
      input: asText(input),
      ...(expected && { expected_output: asText(expected) }),
      ...(context.length > 0 && { retrieval_context: passages }),
      name: stored.id,
      additional_metadata: metadataOf(record),
    }),
  };
}
