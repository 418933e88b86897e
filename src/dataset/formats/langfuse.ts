import { valueOf, type Json } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { holds, isNull, metadataOf, recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, ExportInfo, StoredCase } from './format.js';

/** What Langfuse takes as one request. */
const MOST_BYTES = 4_500_000;

/**
 * Items of a Langfuse dataset: each line is the body of one `POST /api/public/dataset-items`. Ids there are unique in a
 * project, so the dataset's key stands before ours. A field that is left out keeps its old value there, so no expected
 * output is written as null.
 */
export const langfuse: ExportFormat = {
  name: 'langfuse',
  version: 2,
  title: 'Langfuse',
  casesFile: 'items.jsonl',
  files: (info) => [readme(info, 'Langfuse', use)],
  encode,
  caseId: (line) => (JSON.parse(line) as { metadata: { case_id: string } }).metadata.case_id,
};

function encode(stored: StoredCase, { dataset }: ExportInfo): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected, provenance } = record;
  if (isNull(input) || isNull(expected)) return { skipped: 'null as a value, which Langfuse takes for nothing' };
  if (holds(record as unknown as Json, '@@@langfuseMedia')) {
    return { skipped: 'holds @@@langfuseMedia, which Langfuse takes for an attachment' };
  }
  const line = jsonLine({
    datasetName: dataset,
    id: `${dataset}/${stored.id}`,
    input: valueOf(input),
    expectedOutput: expected ? valueOf(expected) : null,
    metadata: metadataOf(record),
    ...(typeof provenance.trace_id === 'string' && { sourceTraceId: provenance.trace_id }),
    status: 'ACTIVE',
  });
  if (Buffer.byteLength(line) > MOST_BYTES) return { skipped: 'larger than 4.5 MB, the most that Langfuse takes' };
  return { line };
}

const use = `
    # The dataset has to be there: POST /api/public/v2/datasets with {"name": "…"}
    while IFS= read -r item; do
      printf %s "$item" | curl -sf -u "$LANGFUSE_PUBLIC_KEY:$LANGFUSE_SECRET_KEY" -H 'content-type: application/json' \\
        --data-binary @- "$LANGFUSE_BASE_URL/api/public/dataset-items" || break
    done < items.jsonl

- \`items.jsonl\`: one item a line, each the body of a request. \`input\` and \`expectedOutput\` (what reviewers signed; null
  for no reference) are the values as they were; \`metadata.observed\` is what production answered, \`metadata.context\` what
  it had in front of it. \`sourceTraceId\` is the trace that the application named when it flagged the output.
- The same ids again replace the items.
- \`metadata.assertions\` are the checks of the case and \`metadata.alternatives\` what is right as well: an evaluator that only
  compares judges cases that have other checks wrongly.
`;
