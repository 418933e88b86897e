import { type CaseResult, type Fields, fieldsOf, listOf, type ResultsReader, textOf } from './gate.result.js';
import { judge } from './gate.scores.js';

/**
 * Braintrust: what `Eval()` returns, saved as JSON (`{ summary, results }`), or its results one a line. A case's id is
 * in its metadata as `case_id`. The summaries that `braintrust eval --jsonl` prints hold no cases and are refused: a mean
 * says nothing about which cases ran.
 */
export const braintrust: ResultsReader = {
  name: 'braintrust',
  reads: 'Braintrust results (what Eval() returns, as JSON or JSON Lines)',
  recognises: ({ values }) => {
    const first = fieldsOf(values?.[0]);
    return 'experimentName' in first || 'experimentName' in fieldsOf(first.summary) || isResult(first);
  },
  read: ({ values }, { passScore }) => {
    const all = (values ?? []).map(fieldsOf);
    const rows = all.flatMap((value) => (isResult(value) ? [value] : listOf(value.results).map(fieldsOf)));
    const hasSummaryOnly = all.some((value) => !isResult(value) && !Array.isArray(value.results));
    return {
      results: rows.map((row) => resultOf(row, passScore)),
      faults: hasSummaryOnly ? ['It holds a summary without results: save what Eval() returns, results included.'] : [],
    };
  },
};

function isResult(value: Fields): boolean {
  return 'scores' in value && 'input' in value;
}

function resultOf(row: Fields, passScore: number): CaseResult {
  const metadata = fieldsOf(row.metadata);
  const id = textOf(metadata.case_id) ?? textOf(row.id);
  // An Error becomes {} in JSON, so that it is there is all that counts.
  const isBroken = row.error !== undefined && row.error !== null;
  const { outcome, why } = judge(fieldsOf(row.scores), passScore);
  return {
    caseId: id,
    name: `result ${id ?? '?'}`,
    outcome: isBroken ? 'ERRORED' : outcome,
    why: isBroken ? (textOf(fieldsOf(row.error).message) ?? textOf(row.error)) : why,
    contentHash: textOf(metadata.content_hash),
    input: textOf(row.input),
    expected: textOf(row.expected),
    output: textOf(row.output),
  };
}
