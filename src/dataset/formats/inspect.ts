import { asText } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { inspectReadme, inspectTask } from './inspect.text.js';
import { metadataOf, NO_EXPECTED, recordOf, RETRACTED } from './metadata.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const roles = new Set(['system', 'user', 'assistant', 'tool']);

/**
 * Samples of Inspect AI (`json_dataset`). A sample has an input, text or messages, and a target, text. Never written:
 * `setup`, `files` and `sandbox`, which Inspect runs and opens.
 */
export const inspect: ExportFormat = {
  name: 'inspect',
  version: 1,
  title: 'Inspect AI',
  casesFile: 'cases.jsonl',
  files: (info) => [{ path: 'task.py', content: inspectTask }, inspectReadme(info)],
  encode,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected } = record;
  // No target and an empty one are the same to Inspect, and an empty one is part of every answer.
  if (!expected) return { skipped: NO_EXPECTED };
  if (asText(expected) === '') return { skipped: 'an empty expected output, which Inspect cannot tell from none' };
  if (asText(input) === '') return { skipped: 'an empty input, which Inspect refuses' };
  if (input.kind === 'messages' && !input.messages.every(({ role }) => roles.has(role))) {
    return { skipped: 'a message of role developer, which Inspect does not know' };
  }
  return {
    line: jsonLine({
      id: stored.id,
      input: input.kind === 'messages' ? input.messages : asText(input),
      target: asText(expected),
      metadata: metadataOf(record),
    }),
  };
}
