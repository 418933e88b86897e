import { asText, type Content } from '../dataset/content.js';
import { type Fields, fieldsOf, textOf } from './gate.result.js';

/** What people want to know of a case that failed. */
export interface CaseDetails {
  readonly input: string | null;
  readonly expected: string | null;
  /** What cases can be sliced by: labels of the reviewers, source, queue, risk, verdict, tags and the like. */
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** Where formats put what a case asks and what it wants. */
const INPUTS = ['input', 'inputs', 'user_input', 'prompt'];
const EXPECTED = ['expected', 'expected_output', 'expectedOutput', 'target', 'reference', 'outputs'];
const DEEPEST = 5;

/**
 * The details of an exported cases file, whatever its format: a row of the manifest is a row of the file, in order. The
 * canonical record is found in the row where the format carries it; a format that is no JSON has no details.
 */
export function detailsOf(bytes: Buffer, ids: readonly string[]): ReadonlyMap<string, CaseDetails> {
  const rows = rowsOf(bytes.toString('utf8'));
  if (rows?.length !== ids.length) return new Map();
  return new Map(ids.map((id, i) => [id, caseDetails(fieldsOf(rows[i]), id)]));
}

function rowsOf(text: string): readonly unknown[] | null {
  try {
    if (text.trimStart().startsWith('[')) return JSON.parse(text) as unknown[];
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}

function caseDetails(row: Fields, id: string): CaseDetails {
  const record = recordIn(row, id, 0) ?? {};
  const fields = fieldsOf(fieldsOf(row.vars).case ?? row.item ?? row);
  return {
    input: contentText(record.input) ?? first(fields, INPUTS),
    expected: contentText(record.expected) ?? first(fields, EXPECTED),
    labels: labelsOf(record),
  };
}

/**
 * The canonical record of the case, or what a format keeps of it, wherever it stands in the row, as an object or as JSON
 * text. It must carry the case's id: the texts of a case are a stranger's and may look like a record, but cannot know it.
 */
function recordIn(value: unknown, id: string, depth: number): Fields | null {
  if (depth > DEEPEST) return null;
  if (typeof value === 'string') {
    return value.startsWith('{') && value.includes(id) ? recordIn(parsed(value), id, depth + 1) : null;
  }
  const fields = fieldsOf(value);
  if (fields.id === id || fields.case_id === id) {
    const rest = typeof fields.record_json === 'string' ? fieldsOf(parsed(fields.record_json)) : {};
    const record = { ...fields, ...rest };
    if (String(record.schema).startsWith('countersign.eval_case/')) return record;
  }
  for (const inner of Object.values(fields)) {
    const found = recordIn(inner, id, depth + 1);
    if (found) return found;
  }
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function contentText(value: unknown): string | null {
  const { kind } = fieldsOf(value);
  return kind === 'text' || kind === 'messages' || kind === 'json' ? asText(value as Content) : null;
}

function first(fields: Fields, names: readonly string[]): string | null {
  const name = names.find((candidate) => fields[candidate] !== undefined);
  return name === undefined ? null : textOf(fields[name]);
}

/** A reviewer's label wins over a field of the same name: it is what people call a slice. */
function labelsOf(record: Fields): ReadonlyMap<string, readonly string[]> {
  const provenance = fieldsOf(record.provenance);
  const { verdict, tags } = record;
  const all = { verdict, tags, ...provenance, ...fieldsOf(provenance.labels) };
  const labels = new Map<string, string[]>();
  for (const [name, value] of Object.entries(all)) {
    const values = (Array.isArray(value) ? value : [value]).flatMap(labelText);
    if (values.length > 0) labels.set(name, values);
  }
  return labels;
}

function labelText(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  const { name, version } = fieldsOf(value);
  return typeof name === 'string' ? [version === undefined ? name : `${name} ${textOf(version) ?? ''}`] : [];
}
