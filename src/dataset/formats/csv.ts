import { jsonLine } from '../eval-case.record.js';
import { cell, contentCells } from './csv-exact.js';
import { csvFrame } from './frame.js';
import { recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

const columns = [
  'case_id',
  'revision',
  'split',
  'verdict',
  'input_kind',
  'input',
  'expected_kind',
  'expected',
  'observed_kind',
  'observed',
  'context_json',
  'tags_json',
];

/** What a spreadsheet's cell takes; Excel cuts off the rest or moves it into the next row. */
const MOST_CHARACTERS = 32_767;

/**
 * What a spreadsheet may take for a formula, at the start or behind anything it skips: signs, their full-width twins,
 * and a tab or line end first.
 */
const formula = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}"']*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/**
 * CSV to look at in a spreadsheet. Lossy, and says so: a cell that could be a formula gets an apostrophe in front. Never
 * to be read back; csv-exact is for that.
 */
export const csv: ExportFormat = {
  name: 'csv',
  version: 1,
  title: 'CSV for spreadsheets, lossy',
  casesFile: 'cases.csv',
  files: (info) => [readme(info, 'spreadsheets', use)],
  encode,
  frame: csvFrame(columns.map(cell).join(',')),
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { revision, split, verdict, context, tags } = record;
  const cells = [
    stored.id,
    String(revision),
    split,
    verdict,
    ...contentCells(record),
    context ? jsonLine(context) : '',
    jsonLine(tags),
  ].map(safe);
  if (cells.some((text) => text.length > MOST_CHARACTERS)) {
    return { skipped: 'a text longer than 32,767 characters, the most that a cell of a spreadsheet takes' };
  }
  return { line: cells.map(cell).join(',') };
}

/** The text as a spreadsheet may show it without running it. */
function safe(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

const use = `
**To look at, not to read back**: in \`cases.csv\` a cell that a spreadsheet could take for a formula has an apostrophe in
front. Programs take the format \`csv-exact\`, or better \`jsonl\`.

- UTF-8 without a byte order mark, RFC 4180: a header, every cell in quotes, rows ended by CRLF.
- \`input_kind\`, \`expected_kind\` and \`observed_kind\` (text, messages, json) tell a text from JSON text. An empty
  \`expected_kind\` means that there is no reference.
`;
