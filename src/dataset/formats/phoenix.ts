import { valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { metadataOf, recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Examples of Arize Phoenix, as its TypeScript client takes them. Input and output have to be objects. */
export const phoenix: ExportFormat = {
  name: 'phoenix',
  version: 1,
  title: 'Arize Phoenix',
  casesFile: 'examples.jsonl',
  files: (info) => [readme(info, 'Arize Phoenix', use)],
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
      input: { input: valueOf(input), ...(context && { context }) },
      output: expected ? { expected: valueOf(expected) } : null,
      metadata,
      splits: [stored.split],
    }),
  };
}

const use = `
    import { readFileSync } from 'node:fs';
    import { appendDatasetExamples } from '@arizeai/phoenix-client/datasets';

    const examples = readFileSync('examples.jsonl', 'utf8').trimEnd().split('\\n').map((line) => JSON.parse(line));
    await appendDatasetExamples({ dataset: { datasetName: 'a name' }, examples });

- \`examples.jsonl\`: one example a line. \`input.input\` is the input as it was, \`input.context\` what production had in
  front of it, \`output.expected\` what reviewers signed, \`metadata.observed\` what production answered. An \`output\` of null
  means that there is no reference.
- Append, do not use \`createDataset\`, on a dataset that exists: it deletes the examples that are not in the upload.
`;
