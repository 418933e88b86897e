import { valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { isNull, metadataOf, recordOf, RETRACTED, tagSet } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Records of a Braintrust dataset, as `Eval` takes them and as the insert endpoint takes them as `events`. */
export const braintrust: ExportFormat = {
  name: 'braintrust',
  version: 1,
  title: 'Braintrust',
  casesFile: 'records.jsonl',
  files: (info) => [readme(info, 'Braintrust', use)],
  encode,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const { input, expected } = record;
  if (isNull(input) || isNull(expected)) return { skipped: 'null as a value, which Braintrust takes for nothing' };
  return {
    line: jsonLine({
      id: stored.id,
      input: valueOf(input),
      ...(expected && { expected: valueOf(expected) }),
      metadata: metadataOf(record),
      tags: tagSet(record),
    }),
  };
}

const use = `
    import { readFileSync } from 'node:fs';
    import { ExactMatch } from 'autoevals';
    import { Eval } from 'braintrust';

    const data = readFileSync('records.jsonl', 'utf8').trimEnd().split('\\n').map((line) => JSON.parse(line));
    await Eval('your project', { data, task: yourApplication, scores: [ExactMatch] }, { noSendLogs: true });

- \`records.jsonl\`: one record a line. \`input\` and \`expected\` (what reviewers signed) are the values as they were;
  \`metadata.observed\` is what production answered, \`metadata.context\` what it had in front of it. A record without
  \`expected\` has no reference.
- Into a dataset of theirs: \`bt datasets create NAME --file records.jsonl\`; the same ids again replace the records.
`;
