import {
  type CaseResult,
  type Fields,
  fieldsOf,
  listOf,
  type Outcome,
  type ResultsReader,
  textOf,
} from './gate.result.js';

/** What promptfoo writes in `failureReason`: 0 none, 1 an assertion, 2 an error. */
const ERROR = 2;

/**
 * promptfoo: what `eval -o results.json` (or results.jsonl, one result a line) writes, and the summary that its
 * `evaluate()` returns. Cases are told by `metadata.case_id`: promptfoo redacts and reformats the contents that it saves.
 *
 * promptfoo counts a test without an assertion as passed; here it is UNCHECKED.
 */
export const promptfoo: ResultsReader = {
  name: 'promptfoo',
  reads: 'promptfoo results (eval -o results.json)',
  recognises: ({ values }) => {
    const first = fieldsOf(values?.[0]);
    const isSummary = Array.isArray(first.results) && 'stats' in first;
    return isSummary || Array.isArray(fieldsOf(first.results).results) || 'testCase' in first;
  },
  read: ({ values }) => {
    const [first] = values ?? [];
    const summary = fieldsOf(first);
    const nested = fieldsOf(summary.results);
    const rows = 'testCase' in summary ? (values ?? []) : listOf(nested.results ?? summary.results);
    return { results: rows.map((row) => resultOf(fieldsOf(row))), faults: [] };
  },
};

function resultOf(row: Fields): CaseResult {
  const test = fieldsOf(row.testCase);
  const metadata = fieldsOf(test.metadata);
  const grading = fieldsOf(row.gradingResult);
  const sent = fieldsOf(fieldsOf(test.vars).case);
  const outcome = outcomeOf(row, grading);
  return {
    caseId: textOf(metadata.case_id),
    name: textOf(test.description) ?? `test ${textOf(row.testIdx) ?? '?'}`,
    outcome,
    why: outcome === 'PASSED' ? null : textOf(row.error ?? fieldsOf(row.response).error ?? grading.reason),
    contentHash: textOf(metadata.content_hash),
    input: textOf(sent.input ?? fieldsOf(row.prompt).raw),
    expected: textOf(sent.expected),
    output: textOf(fieldsOf(row.response).output),
  };
}

function outcomeOf(row: Fields, grading: Fields): Outcome {
  if (row.failureReason === ERROR || fieldsOf(row.response).error) return 'ERRORED';
  if (listOf(grading.componentResults).length === 0) return 'UNCHECKED';
  return row.success === true ? 'PASSED' : 'FAILED';
}
