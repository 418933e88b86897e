import { valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { metadataOf, recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Examples of LangSmith. Inputs and outputs have to be objects, so the values stand in one under a name of ours. */
export const langsmith: ExportFormat = {
  name: 'langsmith',
  version: 1,
  title: 'LangSmith',
  casesFile: 'examples.jsonl',
  files: (info) => [readme(info, 'LangSmith', use)],
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
      inputs: { input: valueOf(input), ...(context && { context }) },
      ...(expected && { outputs: { expected: valueOf(expected) } }),
      metadata,
      split: stored.split,
    }),
  };
}

const use = `
    import json
    from langsmith import Client

    client = Client()
    dataset = client.create_dataset("a name")
    with open("examples.jsonl", encoding="utf-8") as file:
        client.create_examples(dataset_id=dataset.id, examples=[json.loads(line) for line in file])

- \`examples.jsonl\`: one example a line. \`inputs.input\` is the input as it was, \`inputs.context\` what production had in
  front of it, \`outputs.expected\` what reviewers signed, \`metadata.observed\` what production answered. An example without
  \`outputs\` has no reference.
`;
