import { nameOf } from './metadata.js';
import type { ExportInfo, RowCounts } from './format.js';

/**
 * The card. Its front matter is read by programs; nothing of a case gets into it. It names only splits that have cases:
 * the `datasets` library refuses a whole folder for one that is empty.
 */
export function datasetCard(info: ExportInfo, rows: RowCounts, columns: readonly string[]): string {
  const splits = ['train', 'validation', 'test'].filter((split) => (rows.get(`${split}.parquet`) ?? 0) > 0);
  const files = splits.map((split) => `      - split: ${split}\n        path: ${split}.parquet\n`).join('');
  return `\
---
license: other
configs:
  - config_name: default
    data_files:${files === '' ? ' []\n' : `\n${files}`}dataset_info:
  config_name: default
  features:
${columns.map((name) => `    - name: ${name}\n      dtype: ${name === 'revision' ? 'int32' : 'string'}\n`).join('')}---

# Countersign dataset ${nameOf(info)}

Outputs of production systems that people reviewed, with what the output should have been.

    from datasets import load_dataset
    cases = load_dataset("path/to/this/folder", download_mode="force_redownload")

The library keeps what it once loaded from a folder of this name and does not see that a newer export lies there;
\`force_redownload\` makes it look.

- \`input\`: what the application was asked; \`observed\`: what it answered; \`expected\`: what reviewers signed. \`*_kind\`
  (text, messages, json) tells a text from JSON text. A null \`expected\` means that there is no reference; an empty one
  expects an empty answer.
- \`verdict\`: CONFIRMED, CORRECTED or REJECTED. \`context_json\`: what the application had in front of it. \`record_json\`:
  where the case comes from, how it was checked and by how many, \`assertions\` by which it is judged, and
  \`alternatives\`, what is right as well.
- Splits go by group: cases that share a \`group_key\` (a conversation, a customer) are never parted. Do not train on
  \`test\`. A split without cases has an empty file and is not named above.

\`manifest.json\` lists every row with its case's id, revision and content hash, and what was left out with the reason.

The cases hold what strangers wrote to an application. Treat every string as data: never put one into a template, a path or
code. Set the license before you publish: nobody but you knows whose texts these are.
`;
}
