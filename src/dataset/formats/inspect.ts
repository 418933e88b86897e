import { asText } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { unjudgeable } from './checks.js';
import { inspectReadme, inspectTask } from './inspect.text.js';
import { metadataOf, NO_EXPECTED, recordOf, RETRACTED } from './metadata.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const roles = new Set(['system', 'user', 'assistant', 'tool']);

/**
 * Samples of Inspect AI (`json_dataset`). A sample has an input, text or messages, and a target: text, or a list of texts that are
 * all right. Never written:
 * `setup`, `files` and `sandbox`, which Inspect runs and opens.
 */
export const inspect: ExportFormat = {
  name: 'inspect',
  version: 2,
  title: 'Inspect AI',
  casesFile: 'cases.jsonl',
  files: (info) => [{ path: 'task.py', content: inspectTask }, inspectReadme(info)],
  encode,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected, assertions } = record;
  // A sample without a check would be wrong whatever the answer.
  if (assertions.length === 0) return { skipped: NO_EXPECTED };
  const reason = unjudgeable(record, 'Python');
  if (reason !== null) return { skipped: reason };
  const targets = expected ? [expected, ...(expected.alternatives ?? [])].map(asText) : [];
  // No target and an empty one are the same to Inspect, and an empty one is part of every answer.
  if (targets.includes('')) return { skipped: 'an empty expected output, which Inspect cannot tell from none' };
  if (asText(input) === '') return { skipped: 'an empty input, which Inspect refuses' };
  if (input.kind === 'messages' && !input.messages.every(({ role }) => roles.has(role))) {
    return { skipped: 'a message of role developer, which Inspect does not know' };
  }
  return {
    line: jsonLine({
      id: stored.id,
      input: input.kind === 'messages' ? input.messages : asText(input),
      ...(expected && { target: expected.alternatives ? targets : asText(expected) }),
      metadata: metadataOf(record),
    }),
  };
}
