import { evalCaseSchema } from './jsonl.schema.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Canonical JSON Lines: the stored records as they are, and the JSON Schema of a line. */
export const jsonl: ExportFormat = {
  name: 'jsonl',
  version: 1,
  title: 'canonical JSON Lines',
  casesFile: 'cases.jsonl',
  files: () => [{ path: 'schema.json', content: `${JSON.stringify(evalCaseSchema, null, 2)}\n` }],
  encode: ({ id, revision, record }: StoredCase): Encoded => ({
    line: record ?? JSON.stringify({ schema: 'countersign.retraction/1', id, revision }),
  }),
  isVerbatim: true,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};
