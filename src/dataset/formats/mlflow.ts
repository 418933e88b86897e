import { asText, valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { recordOf, RETRACTED, textMetadataOf } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/**
 * Records of an MLflow evaluation dataset. MLflow takes two records with the same inputs for one and merges them, so the
 * case's id is one of the inputs. Tags are strings.
 */
export const mlflow: ExportFormat = {
  name: 'mlflow',
  version: 2,
  title: 'MLflow 3',
  casesFile: 'records.jsonl',
  files: (info) => [readme(info, 'MLflow 3', use)],
  encode,
  caseId: (line) => (JSON.parse(line) as { inputs: { case_id: string } }).inputs.case_id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected, context, provenance } = record;
  const { context_json: _, ...tags } = textMetadataOf(record);
  return {
    line: jsonLine({
      inputs: { case_id: stored.id, input: valueOf(input), ...(context && { context }) },
      // Called so by MLflow's own judges, which read text.
      ...(expected && { expectations: { expected_response: asText(expected) } }),
      tags,
      source: { source_type: 'HUMAN', source_data: { item_id: provenance.item_id ?? '' } },
    }),
  };
}

const use = `
    import json
    from mlflow.genai.datasets import create_dataset

    dataset = create_dataset(name="a name")
    with open("records.jsonl", encoding="utf-8") as file:
        dataset.merge_records([json.loads(line) for line in file])

    def predict(input, case_id, context=None):
        return your_application(input)

- \`records.jsonl\`: one record a line. \`inputs.input\` is the input as it was, \`inputs.context\` what production had in
  front of it, \`expectations.expected_response\` what reviewers signed: text, or JSON text where the tag \`expected_kind\` is
  not \`text\`. A record without expectations has no reference. The tag \`observed\` is what production answered.
- \`inputs.case_id\` keeps cases apart: MLflow takes records with the same inputs for one.
- The tag \`record_json\` holds \`assertions\`, the checks of the case, and \`alternatives\`, what is right as well: a scorer that
  only compares judges cases that have other checks wrongly.
`;
