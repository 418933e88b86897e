import { asText } from '../content.js';
import { jsonLine, type EvalCaseRecord } from '../eval-case.record.js';
import { csvFrame } from './frame.js';
import { alternativesOf, recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const columns = [
  'case_id',
  'revision',
  'content_hash',
  'split',
  'verdict',
  'input_kind',
  'input',
  'expected_kind',
  'expected',
  'observed_kind',
  'observed',
  'context_json',
  'record_json',
];

/** RFC 4180, every cell as it was. For programs: a spreadsheet would run a cell that begins with "=". */
export const csvExact: ExportFormat = {
  name: 'csv-exact',
  version: 2,
  title: 'CSV for programs, exact',
  casesFile: 'cases-exact.csv',
  files: (info) => [readme(info, 'programs that read CSV', use)],
  encode,
  frame: csvFrame(columns.map(cell).join(',')),
};

/** Every cell in quotes; a quote in it doubled. */
export function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Absent is told from empty by its kind, which is then empty too. */
export function contentCells({ input, expected, observed }: EvalCaseRecord): string[] {
  return [
    input.kind,
    asText(input),
    expected?.kind ?? '',
    expected ? asText(expected) : '',
    observed.kind,
    asText(observed),
  ];
}

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const {
    id: _,
    revision,
    content_hash: hash,
    split,
    verdict,
    input: _i,
    expected: _e,
    observed: _o,
    ...rest
  } = record;
  const { context, ...provenance } = rest;
  const cells = [
    stored.id,
    String(revision),
    hash,
    split,
    verdict,
    ...contentCells(record),
    context ? jsonLine(context) : '',
    jsonLine({ ...provenance, ...alternativesOf(record) }),
  ];
  return { line: cells.map(cell).join(',') };
}

const use = `
**Do not open \`cases-exact.csv\` in a spreadsheet**: it may run a cell that begins with \`=\`. The format \`csv\` is for that.

- UTF-8 without a byte order mark, RFC 4180: a header, every cell in quotes, rows ended by CRLF. Cells hold line breaks.
- \`input_kind\`, \`expected_kind\` and \`observed_kind\` (text, messages, json) tell a text from JSON text. An empty
  \`expected_kind\` means that there is no reference; \`expected\` alone may be empty and mean just that.
- \`context_json\` is what production had in front of it, empty for nothing; \`record_json\` the rest of the case,
  with \`assertions\`, its checks, and \`alternatives\`, what is right as well.
`;
