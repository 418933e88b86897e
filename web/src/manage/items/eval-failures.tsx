import { Link } from 'wouter';

import { OutcomeTag, RunName } from '../../datasets/run-line.js';
import type { ShownItem } from './item-operations.js';

/** Runs of suites in which what this item teaches went wrong again. */
export function EvalFailures({ failures }: { failures: ShownItem['evalFailures'] }) {
  if (failures.length === 0) return null;
  const areAllFixed = failures.every(({ isFixed }) => isFixed);
  return (
    <section className={areAllFixed ? 'panel' : 'panel failures'} aria-labelledby="failures-title">
      <h2 id="failures-title">Failed in CI</h2>
      <ul>
        {failures.map(({ caseId, isFixed, run }) => (
          <li key={run.id + caseId}>
            <OutcomeTag outcome={isFixed ? 'PASSED' : 'FAILED'} text={isFixed ? 'passed since' : 'still fails'} />{' '}
            <RunName run={run} />{' '}
            <Link href={`/manage/datasets/${run.dataset}/cases/${caseId}`}>its case in {run.dataset}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
