import type { ShownCase } from './operations.js';
import { OutcomeTag, RunName } from './run-line.js';

/** How a case ended in the runs that CI reported, the newest first. */
export function ResultsList({ results }: Pick<ShownCase, 'results'>) {
  return (
    <section>
      <h2>In CI</h2>
      {results.length === 0 ? (
        <p className="quiet">No run has reported it: see “countersign gate --report”.</p>
      ) : (
        <ul className="plain-list">
          {results.map(({ outcome, run }) => (
            <li key={run.id}>
              <OutcomeTag outcome={outcome} /> <RunName run={run} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
