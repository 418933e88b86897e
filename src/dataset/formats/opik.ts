import { exampleFormat } from './example.js';
import { tagSet } from './metadata.js';

const use = `
    jq -s '{dataset_name: "a name", items: .}' items.jsonl | curl -sf -X PUT -H 'content-type: application/json' \\
      --data-binary @- "$OPIK_URL_OVERRIDE/v1/private/datasets/items"

- \`items.jsonl\`: one item a line. \`data.input\` is the input as it was, \`data.expected_output\` what reviewers signed,
  \`data.context\` what production had in front of it, \`data.metadata.observed\` what it answered. Without
  \`expected_output\` there is no reference.
- The same ids again replace the items. Send some hundred items in one request.
- \`data.metadata.assertions\` are the checks of the case and \`data.metadata.alternatives\` what is right as well: an evaluator that only
  compares judges cases that have other checks wrongly.
`;

/** Items of an Opik dataset, as `PUT /v1/private/datasets/items` takes them. Its ids are UUIDv7, as ours are. */
export const opik = exampleFormat(
  { name: 'opik', version: 2, title: 'Opik', casesFile: 'items.jsonl', use },
  ({ id, input, expected, context, metadata, record }) => ({
    id,
    source: 'manual',
    data: { input, ...(expected !== undefined && { expected_output: expected }), ...context, metadata },
    tags: tagSet(record),
  }),
);
