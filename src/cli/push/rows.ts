import { createReadStream } from 'node:fs';

import type { EvalCaseRecord } from '../../dataset/eval-case.record.js';
import type { ExportFormat, ExportInfo } from '../../dataset/formats/format.js';
import { readLines } from '../flag.lines.js';
import { CommandFailure } from '../failure.js';
import { type Fields, fieldsOf, type Row } from './target.js';

const LONGEST_LINE = 512 * 1024 * 1024;

/** A case to push, or why this system cannot be told it. */
export type Encoded =
  { readonly row: Row; readonly bytes: number } | { readonly caseId: string; readonly skipped: string };

/** The cases of a canonical export, one by one, as rows of the system's own format. */
export async function* rowsOf(path: string, format: ExportFormat, info: ExportInfo): AsyncGenerator<Encoded> {
  for await (const { number, text, problem } of readLines(createReadStream(path), LONGEST_LINE)) {
    if (problem) throw new CommandFailure(`Case ${number} of the export cannot be read: ${problem}`);
    const { id: caseId, revision, content_hash: contentHash, split } = JSON.parse(text) as EvalCaseRecord;
    const encoded = format.encode({ id: caseId, revision, contentHash, split, record: text }, info);
    if ('skipped' in encoded) yield { caseId, skipped: encoded.skipped };
    else {
      const fields = marked(JSON.parse(encoded.line) as Fields, info.dataset);
      yield { row: { caseId, revision, contentHash, fields }, bytes: Buffer.byteLength(encoded.line) };
    }
  }
}

/** Beside the case's id stands the dataset, so that a later push knows which of the cases there are its own. */
function marked(fields: Fields, dataset: string): Fields {
  const mark = { countersign_dataset: dataset };
  if ('metadata' in fields) return { ...fields, metadata: { ...fieldsOf(fields.metadata), ...mark } };
  if ('data' in fields) {
    const data = fieldsOf(fields.data);
    return { ...fields, data: { ...data, metadata: { ...fieldsOf(data.metadata), ...mark } } };
  }
  return { ...fields, tags: { ...fieldsOf(fields.tags), ...mark } };
}
