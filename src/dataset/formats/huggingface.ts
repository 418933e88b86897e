import { asText } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { columnNames, parquetFrame, type Row } from './huggingface.parquet.js';
import { datasetCard } from './huggingface.text.js';
import { alternativesOf, recordOf, RETRACTED } from './metadata.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/**
 * A Hugging Face dataset folder: one Parquet file a split and the card. Types are written down, so that none is guessed
 * from the first rows; what has structure stands as JSON text, because a column has one type.
 */
export const huggingface: ExportFormat = {
  name: 'huggingface',
  version: 2,
  title: 'Hugging Face dataset folder (Parquet)',
  casesFile: 'test.parquet',
  moreCasesFiles: ['train.parquet', 'validation.parquet'],
  files: (info, rows) => [{ path: 'README.md', content: datasetCard(info, rows, columnNames) }],
  filesNeedRows: true,
  encode,
  frame: parquetFrame,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { id, revision, content_hash: hash, verdict, split, group_key: group, ...rest } = record;
  const { input, expected, observed, context, tags, ...others } = rest;
  const row: Row = {
    case_id: id,
    revision,
    content_hash: hash,
    verdict,
    group_key: group,
    input_kind: input.kind,
    input: asText(input),
    expected_kind: expected?.kind ?? null,
    expected: expected ? asText(expected) : null,
    observed_kind: observed.kind,
    observed: asText(observed),
    context_json: context ? jsonLine(context) : null,
    tags_json: jsonLine(tags),
    record_json: jsonLine({ ...others, ...alternativesOf(record) }),
  };
  return { file: `${split}.parquet`, line: JSON.stringify(row) };
}
