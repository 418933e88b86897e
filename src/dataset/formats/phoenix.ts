import { exampleFormat } from './example.js';

const use = `
    import { readFileSync } from 'node:fs';
    import { appendDatasetExamples } from '@arizeai/phoenix-client/datasets';

    const examples = readFileSync('examples.jsonl', 'utf8').trimEnd().split('\\n').map((line) => JSON.parse(line));
    await appendDatasetExamples({ dataset: { datasetName: 'a name' }, examples });

- \`examples.jsonl\`: one example a line. \`input.input\` is the input as it was, \`input.context\` what production had in
  front of it, \`output.expected\` what reviewers signed, \`metadata.observed\` what production answered. An \`output\` of null
  means that there is no reference.
- Append, do not use \`createDataset\`, on a dataset that exists: it deletes the examples that are not in the upload.
- \`metadata.assertions\` are the checks of the case and \`metadata.alternatives\` what is right as well: an evaluator that only
  compares judges cases that have other checks wrongly.
`;

/** Examples of Arize Phoenix, as its TypeScript client takes them. Input and output have to be objects. */
export const phoenix = exampleFormat(
  { name: 'phoenix', version: 2, title: 'Arize Phoenix', casesFile: 'examples.jsonl', use },
  ({ id, split, input, expected, context, metadata }) => ({
    id,
    input: { input, ...context },
    output: expected === undefined ? null : { expected },
    metadata,
    splits: [split],
  }),
);
