import { asText } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { NO_EXPECTED, recordOf, RETRACTED, textMetadataOf } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const columns = ['case_id', 'revision', 'content_hash', 'split', 'verdict', 'input_kind', 'expected_kind'] as const;
const more = ['observed_kind', 'observed', 'context_json', 'record_json', 'input', 'expected'] as const;

/** The schema of an item for `data_source_config`: strings only, all of them always there. */
const itemSchema = {
  type: 'object',
  properties: Object.fromEntries([...columns, ...more].map((name) => [name, { type: 'string' }])),
  required: [...columns, ...more],
  additionalProperties: false,
};

/** Lines `{"item":{…}}` of OpenAI-style evals, which graders read as `{{item.input}}` and `{{item.expected}}`. */
export const openai: ExportFormat = {
  name: 'openai',
  version: 1,
  title: 'OpenAI-style evals ({"item"})',
  casesFile: 'items.jsonl',
  files: (info) => [
    { path: 'item_schema.json', content: `${JSON.stringify(itemSchema, null, 2)}\n` },
    readme(info, 'OpenAI-style evals', use),
  ],
  encode,
  caseId: (line) => (JSON.parse(line) as { item: { case_id: string } }).item.case_id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  if (!record.expected) return { skipped: NO_EXPECTED };
  const { context_json: context = '', ...metadata } = textMetadataOf(record);
  const item = { ...metadata, context_json: context, input: asText(record.input), expected: asText(record.expected) };
  return { line: jsonLine({ item }) };
}

const use = `
- \`items.jsonl\`: one \`{"item":{…}}\` a line, as Microsoft Foundry takes it (OpenAI's own hosted evals have closed). Every
  field is a string: \`input\`, \`expected\` (what reviewers signed), \`observed\` (what production answered),
  \`context_json\` (what it had in front of it; empty for nothing). \`input_kind\`, \`expected_kind\` and \`observed_kind\`
  (text, messages, json) tell a text from JSON text.
- \`item_schema.json\`: for \`data_source_config.item_schema\`.
- A grader: \`{"type":"string_check","name":"as signed","input":"{{sample.output_text}}","reference":"{{item.expected}}",
  "operation":"eq"}\`.
`;
