import { readme } from './readme.js';
import type { ExportFile, ExportInfo } from './format.js';

export function ragasReadme(info: ExportInfo): ExportFile {
  return readme(
    info,
    'Ragas',
    `
    pip install ragas

    from ragas import EvaluationDataset
    cases = EvaluationDataset.from_jsonl("single_turn.jsonl")
    for sample in cases.samples:
        sample.response = your_application(sample.user_input)

- \`single_turn.jsonl\`: cases whose input is text: \`user_input\`, \`reference\` (what reviewers signed),
  \`retrieved_contexts\` (what production had in front of it).
- \`multi_turn.jsonl\`: cases whose input is a conversation of user and assistant, as \`human\` and \`ai\` messages. Either
  file may be empty; Ragas loads only one that is not.

Ragas keeps no ids and no metadata: the n-th line of a file is the row with that number and \`file\` in
\`manifest.json\`. Set \`RAGAS_DO_NOT_TRACK=true\` to keep it from reporting use.
`,
  );
}
