import { valueOf, type Json } from '../content.js';
import { jsonLine, type EvalCaseRecord } from '../eval-case.record.js';
import { metadataOf, recordOf, RETRACTED } from './metadata.js';
import { readme } from './readme.js';
import type { ExportFormat, StoredCase } from './format.js';

/** A case as stores of examples take it apart: what is asked, what should come, and everything else. */
export interface Example {
  readonly id: string;
  readonly split: string;
  readonly input: Json;
  /** Undefined when nobody said; null is a value. */
  readonly expected: Json | undefined;
  /** `{ context }` where there was one, to be spread. */
  readonly context: { readonly context?: readonly Json[] };
  readonly metadata: Readonly<Record<string, Json>>;
  readonly record: EvalCaseRecord;
}

/** A format of one example a line, that can say every case. */
export function exampleFormat(
  words: Pick<ExportFormat, 'name' | 'version' | 'title' | 'casesFile'> & { readonly use: string },
  lineOf: (example: Example) => object,
): ExportFormat {
  const { use, ...format } = words;
  return {
    ...format,
    files: (info) => [readme(info, words.title, use)],
    encode: (stored) => {
      const record = recordOf(stored);
      return record ? { line: jsonLine(lineOf(exampleOf(stored, record))) } : { skipped: RETRACTED };
    },
    caseId: (line) => (JSON.parse(line) as { id: string }).id,
  };
}

function exampleOf({ id, split }: StoredCase, record: EvalCaseRecord): Example {
  const { input, expected } = record;
  const { context: _, ...metadata } = metadataOf(record);
  const context = record.context ? { context: record.context } : {};
  return {
    id,
    split,
    input: valueOf(input),
    expected: expected && valueOf(expected),
    context,
    metadata,
    record,
  };
}
