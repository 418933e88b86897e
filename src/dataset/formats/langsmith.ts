import { exampleFormat } from './example.js';

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
- \`metadata.assertions\` are the checks of the case and \`metadata.alternatives\` what is right as well: an evaluator that only
  compares judges cases that have other checks wrongly.
`;

/** Examples of LangSmith. Inputs and outputs have to be objects, so the values stand in one under a name of ours. */
export const langsmith = exampleFormat(
  { name: 'langsmith', version: 2, title: 'LangSmith', casesFile: 'examples.jsonl', use },
  ({ id, split, input, expected, context, metadata }) => ({
    id,
    inputs: { input, ...context },
    ...(expected !== undefined && { outputs: { expected } }),
    metadata,
    split,
  }),
);
