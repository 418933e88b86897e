import { Shown, useReading } from '../reading.js';
import { RunsQuery } from './operations.js';
import { OutcomeTag, RunName } from './run-line.js';

/** The runs that CI reported. */
export function RunsTable({ dataset }: { dataset: string }) {
  const reading = useReading(RunsQuery, { dataset });
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Runs that were reported</h2>
      <Shown reading={reading}>
        {({ dataset: found }) =>
          !found || found.evalRuns.length === 0 ? (
            <p className="quiet">
              None yet. With “countersign gate --report” a run is seen here, and what failed on its item.
            </p>
          ) : (
            <div className="scroll" tabIndex={0} role="region" aria-label="Runs">
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">Run</th>
                    <th scope="col">Outcome</th>
                    <th scope="col" className="number">
                      Passed
                    </th>
                    <th scope="col" className="number">
                      Failed
                    </th>
                    <th scope="col" className="number">
                      Incomplete
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {found.evalRuns.map((run) => (
                    <tr key={run.id}>
                      <th scope="row">
                        <RunName run={run} />
                      </th>
                      <td>
                        <OutcomeTag outcome={run.outcome} />
                      </td>
                      <td className="number">{run.passed.toLocaleString('en')}</td>
                      <td className={run.failed > 0 ? 'number late' : 'number'}>{run.failed.toLocaleString('en')}</td>
                      <td className="number">{run.incomplete.toLocaleString('en')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </section>
  );
}
