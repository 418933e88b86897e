import { valueOf } from '../content.js';
import { jsonLine } from '../eval-case.record.js';
import { unjudgeable } from './checks.js';
import { checksInJavaScript } from './checks.text.js';
import { isNull, metadataOf, recordOf, RETRACTED, tagSet } from './metadata.js';
import { readme } from './readme.js';
import type { Encoded, ExportFormat, StoredCase } from './format.js';

/** Records of a Braintrust dataset, as `Eval` takes them and as the insert endpoint takes them as `events`. */
export const braintrust: ExportFormat = {
  name: 'braintrust',
  version: 2,
  title: 'Braintrust',
  casesFile: 'records.jsonl',
  files: (info) => [{ path: 'scorer.mjs', content: scorer }, readme(info, 'Braintrust', use)],
  encode,
  caseId: (line) => (JSON.parse(line) as { id: string }).id,
};

function encode(stored: StoredCase): Encoded {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  const reason = unjudgeable(record, 'JavaScript');
  if (reason !== null) return { skipped: reason };
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

const scorer = `\
// Written by "countersign export": the checks of a case, as a scorer of Braintrust.
${checksInJavaScript}
const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
const contentOf = ({ kind, text, messages, value }) => ({ kind, text: text ?? JSON.stringify(messages ?? value) });

export function asSigned({ output, expected, metadata }) {
  const { assertions, alternatives = [], expected_kind: kind } = metadata;
  if (assertions.length === 0) return { name: 'as signed', score: null };
  const right = alternatives.map(contentOf);
  if (kind !== undefined) right.unshift({ kind, text: asText(expected) });
  const isRight = assertions.every((assertion) => passes(assertion, asText(output), right));
  return { name: 'as signed', score: isRight ? 1 : 0 };
}
`;

const use = `
    import { readFileSync } from 'node:fs';
    import { Eval } from 'braintrust';
    import { asSigned } from './scorer.mjs';

    const data = readFileSync('records.jsonl', 'utf8').trimEnd().split('\\n').map((line) => JSON.parse(line));
    await Eval('your project', { data, task: yourApplication, scores: [asSigned] }, { noSendLogs: true });

- \`records.jsonl\`: one record a line. \`input\` and \`expected\` (what reviewers signed) are the values as they were;
  \`metadata.observed\` is what production answered, \`metadata.context\` what it had in front of it. A record without
  \`expected\` has no reference.
- \`scorer.mjs\`: 1 when all checks of the case (\`metadata.assertions\`) hold, 0 when one does not, none without checks.
  \`metadata.alternatives\` is what is right as well.
- Into a dataset of theirs: \`bt datasets create NAME --file records.jsonl\`; the same ids again replace the records.
`;
