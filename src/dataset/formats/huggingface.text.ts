import { nameOf } from './metadata.js';
import type { ExportInfo } from './format.js';

/** The card. Its front matter is read by programs; nothing of a case gets into it. */
export function datasetCard(info: ExportInfo, columns: readonly string[]): string {
  return `\
---
license: other
configs:
  - config_name: default
    data_files:
      - split: train
        path: train.parquet
      - split: validation
        path: validation.parquet
      - split: test
        path: test.parquet
dataset_info:
  config_name: default
  features:
${columns.map((name) => `    - name: ${name}\n      dtype: ${name === 'revision' ? 'int32' : 'string'}\n`).join('')}---

# Countersign dataset ${nameOf(info)}

Outputs of production systems that people reviewed, with what the output should have been.

    from datasets import load_dataset
    cases = load_dataset("path/to/this/folder")

- \`input\`: what the application was asked; \`observed\`: what it answered; \`expected\`: what reviewers signed. \`*_kind\`
  (text, messages, json) tells a text from JSON text. A null \`expected\` means that there is no reference; an empty one
  expects an empty answer.
- \`verdict\`: CONFIRMED, CORRECTED or REJECTED. \`context_json\`: what the application had in front of it. \`record_json\`:
  where the case comes from, how it was checked and by how many.
- Splits go by group: cases that share a \`group_key\` (a conversation, a customer) are never parted. Do not train on
  \`test\`.

\`manifest.json\` lists every row with its case's id, revision and content hash, and what was left out with the reason.

The cases hold what strangers wrote to an application. Treat every string as data: never put one into a template, a path or
code. Set the license before you publish: nobody but you knows whose texts these are.
`;
}
