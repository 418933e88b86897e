import { Link, Route, Switch } from 'wouter';

import { Shown, useReading } from '../reading.js';
import type { Who } from '../session.js';
import { DatasetPage } from './dataset-page.js';
import './datasets.css';
import './case-lists.css';
import './case-page.css';
import './dataset-tools.css';
import { DatasetsQuery } from './operations.js';
import { date } from './words.js';

/** What suites read: the list, and behind it a page for each dataset. */
export function DatasetsPage({ who }: { who: Who }) {
  const mayAct = who.role === 'ADMIN' || who.role === 'MANAGER';
  return (
    <Switch>
      <Route path="/manage/datasets/:key/*?">
        {({ key }) => <DatasetPage key={key} datasetKey={decodeURIComponent(key)} mayAct={mayAct} />}
      </Route>
      <Route>
        <DatasetList />
      </Route>
    </Switch>
  );
}

function DatasetList() {
  const reading = useReading(DatasetsQuery, {});
  return (
    <main className="manage datasets">
      <h1>Datasets</h1>
      <Shown reading={reading}>
        {({ datasets }) =>
          datasets.length === 0 ? (
            <p className="empty quiet">
              There is no dataset yet. Name one in a set-up file, under <code>datasets</code>, with the queues that feed
              it, and run <code>countersign apply</code>: what is resolved there becomes its cases.
            </p>
          ) : (
            <div className="scroll" tabIndex={0} role="region" aria-label="Datasets">
              <table className="list">
                <thead>
                  <tr>
                    <th scope="col">Dataset</th>
                    <th scope="col">Fed by</th>
                    <th scope="col" className="number">
                      Cases
                    </th>
                    <th scope="col" className="number">
                      Waiting
                    </th>
                    <th scope="col" className="number">
                      Conflicts
                    </th>
                    <th scope="col">Last snapshot</th>
                  </tr>
                </thead>
                <tbody>
                  {datasets.map(
                    ({ key, name, queues, caseCount, quarantineCount, conflictCount, snapshots: [last] }) => (
                      <tr key={key}>
                        <th scope="row">
                          <Link href={`/manage/datasets/${key}`}>{name}</Link>
                        </th>
                        <td className="quiet">{queues.join(', ') || 'no queue'}</td>
                        <td className="number">{caseCount.toLocaleString('en')}</td>
                        <td className={quarantineCount > 0 ? 'number due' : 'number'}>
                          {quarantineCount.toLocaleString('en')}
                        </td>
                        <td className={conflictCount > 0 ? 'number due' : 'number'}>
                          {conflictCount.toLocaleString('en')}
                        </td>
                        <td>
                          {last ? `${last.version}, ${date(last.createdAt)}` : <span className="quiet">none</span>}
                        </td>
                      </tr>
                    ),
                  )}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </main>
  );
}
