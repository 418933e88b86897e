import { type CaseResult, type Fields, fieldsOf, listOf, type ResultsReader, textOf } from './gate.result.js';
import { excerpt } from './gate.excerpt.js';
import { judge } from './gate.scores.js';

/**
 * Inspect AI: a log written with `--log-format json`. A sample's id is the case's; epochs are repeats. Inspect exits
 * with 0 whatever the scores are, and writes logs of runs that were stopped: only the status "success" is a whole run.
 */
export const inspect: ResultsReader = {
  name: 'inspect',
  reads: 'an Inspect log (--log-format json)',
  recognises: ({ values }) => {
    const log = fieldsOf(values?.[0]);
    return values?.length === 1 && 'eval' in log && 'status' in log;
  },
  read: ({ values }, { passScore }) => {
    const log = fieldsOf(values?.[0]);
    return {
      results: listOf(log.samples).map((sample) => resultOf(fieldsOf(sample), passScore)),
      faults: faultsOf(log),
    };
  },
};

function faultsOf(log: Fields): string[] {
  const faults: string[] = [];
  const message = textOf(fieldsOf(log.error).message);
  if (log.status !== 'success') {
    faults.push(
      `Inspect says that the run ended as ${excerpt(textOf(log.status) ?? '')}${message ? `: ${excerpt(message)}` : ''}`,
    );
  }
  if (log.invalidated === true) faults.push('The log was invalidated.');
  if (!Array.isArray(log.samples)) faults.push('The log holds no samples: run Inspect without --no-log-samples.');
  return faults;
}

function resultOf(sample: Fields, passScore: number): CaseResult {
  const metadata = fieldsOf(sample.metadata);
  const id = textOf(metadata.case_id) ?? textOf(sample.id);
  const error = sample.invalidation ? 'The sample was invalidated.' : messageOf(sample.error);
  const scores = Object.entries(fieldsOf(sample.scores)).map(([name, score]) => [name, fieldsOf(score).value]);
  const { outcome, why } = judge(Object.fromEntries(scores) as Fields, passScore);
  const [explanation] = Object.values(fieldsOf(sample.scores)).map((score) => textOf(fieldsOf(score).explanation));
  return {
    caseId: id,
    name: `sample ${id ?? '?'}, epoch ${textOf(sample.epoch) ?? '1'}`,
    outcome: error === null ? outcome : 'ERRORED',
    why: error ?? (why && explanation ? `${why}: ${explanation}` : why),
    contentHash: textOf(metadata.content_hash),
    input: textOf(sample.input),
    expected: textOf(sample.target),
    output: outputOf(fieldsOf(sample.output)),
  };
}

function messageOf(error: unknown): string | null {
  if (error === undefined || error === null) return null;
  return textOf(fieldsOf(error).message) ?? textOf(error);
}

function outputOf(output: Fields): string | null {
  const message = fieldsOf(fieldsOf(listOf(output.choices)[0]).message);
  return textOf(output.completion) || textOf(message.content);
}
