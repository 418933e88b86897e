import { useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';

import { apiError, ask } from '../graphql.js';
import { CopyButton } from './copy-button.js';
import type { TabProps } from './dataset-page.js';
import { type Dataset } from './operations.js';
import { CreateSnapshot } from './snapshot-operations.js';
import { SnapshotDiff } from './snapshot-diff.js';
import { count, date, shortHash } from './words.js';

/** Frozen states, and what two of them differ in. */
export function SnapshotsTab(props: TabProps) {
  const base = `/manage/datasets/${props.dataset.key}/snapshots`;
  return (
    <Switch>
      <Route path={`${base}/:from/:to`}>
        {({ from, to }) => (
          <SnapshotDiff
            key={`${from} ${to}`}
            dataset={props.dataset.key}
            from={Number(from)}
            to={to === 'now' ? null : Number(to)}
          />
        )}
      </Route>
      <Route>
        <SnapshotList {...props} base={base} />
      </Route>
    </Switch>
  );
}

function SnapshotList({ dataset, mayAct, onChange, base }: TabProps & { base: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    try {
      const { createSnapshot: made } = await ask(CreateSnapshot, { input: { dataset: dataset.key } });
      const { version } = made.snapshot;
      setSaid(
        made.isNew ? `Snapshot ${version} is made.` : `Nothing has changed since snapshot ${version}, so it stands.`,
      );
      await onChange();
    } catch (error) {
      setSaid(apiError(error).message);
    }
    setBusy(false);
  };
  const { snapshots } = dataset;
  return (
    <section aria-label="Snapshots">
      <div className="bulk">
        <p className="quiet">A snapshot never changes: exported again, it is the same bytes.</p>
        <span className="grow" />
        {mayAct && (
          <button type="button" className="primary" disabled={isBusy} onClick={() => void make()}>
            Make a snapshot
          </button>
        )}
      </div>
      <p role="status" className="said">
        {said}
      </p>
      {snapshots.length === 0 ? (
        <p className="empty quiet">There is no snapshot yet.</p>
      ) : (
        <>
          <Compare key={snapshots.length} snapshots={snapshots} base={base} />
          <div className="scroll" tabIndex={0} role="region" aria-label="Snapshots">
            <table className="list">
              <thead>
                <tr>
                  <th scope="col">Snapshot</th>
                  <th scope="col">Made</th>
                  <th scope="col" className="number">
                    Cases
                  </th>
                  <th scope="col">Dataset hash</th>
                  <th scope="col">Since then</th>
                </tr>
              </thead>
              <tbody>
                {snapshots.map(({ version, createdAt, caseCount, hash }) => (
                  <tr key={version}>
                    <th scope="row">{version}</th>
                    <td>{date(createdAt)}</td>
                    <td className="number">{caseCount.toLocaleString('en')}</td>
                    <td>
                      <code title={hash}>{shortHash(hash)}</code> <CopyButton text={hash} />
                    </td>
                    <td>
                      <Link href={`${base}/${version}/now`}>what changed</Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Compare({ snapshots, base }: { snapshots: Dataset['snapshots']; base: string }) {
  const [, go] = useLocation();
  const [from, setFrom] = useState(String(snapshots[1]?.version ?? snapshots[0]!.version));
  const [to, setTo] = useState(snapshots.length > 1 ? String(snapshots[0]!.version) : 'now');
  const isInOrder = to === 'now' || Number(from) < Number(to);
  return (
    <form
      className="compare"
      onSubmit={(event) => {
        event.preventDefault();
        if (isInOrder) go(`${base}/${from}/${to}`);
      }}
    >
      <label>
        Compare{' '}
        <select value={from} onChange={(event) => setFrom(event.target.value)}>
          {snapshots.map(({ version, caseCount }) => (
            <option key={version} value={version}>
              snapshot {version} ({count(caseCount, 'case')})
            </option>
          ))}
        </select>
      </label>
      <label>
        with{' '}
        <select value={to} onChange={(event) => setTo(event.target.value)}>
          <option value="now">the dataset now</option>
          {snapshots.map(({ version }) => (
            <option key={version} value={version}>
              snapshot {version}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={!isInOrder}>
        Compare
      </button>
      {!isInOrder && <span className="quiet">The earlier one comes first.</span>}
    </form>
  );
}
