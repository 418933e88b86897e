import { valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { metadataOf, recordOf, RETRACTED, tagSet } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Items of an Opik dataset, as `PUT /v1/private/datasets/items` takes them. Its ids are UUIDv7, as ours are. */
export const opik: ExportFormat = {
  name: 'opik',
  version: 1,
  title: 'Opik',
  casesFile: 'items.jsonl',
  files: (info) => [readme(info, 'Opik', use)],
  encode,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected, context } = record;
  const { context: _, ...metadata } = metadataOf(record);
  return {
    line: jsonLine({
      id: stored.id,
      source: 'manual',
      data: {
        input: valueOf(input),
        ...(expected && { expected_output: valueOf(expected) }),
        ...(context && { context }),
        metadata,
      },
      tags: tagSet(record),
    }),
  };
}

const use = `
    jq -s '{dataset_name: "a name", items: .}' items.jsonl | curl -sf -X PUT -H 'content-type: application/json' \\
      --data-binary @- "$OPIK_URL_OVERRIDE/v1/private/datasets/items"

- \`items.jsonl\`: one item a line. \`data.input\` is the input as it was, \`data.expected_output\` what reviewers signed,
  \`data.context\` what production had in front of it, \`data.metadata.observed\` what it answered. Without
  \`expected_output\` there is no reference.
- The same ids again replace the items. Send some hundred items in one request.
`;
