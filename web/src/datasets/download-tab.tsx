import { useEffect, useState } from 'react';

import { CiSnippets } from './ci-snippets.js';
import type { TabProps } from './dataset-page.js';
import { FORMATS } from './formats.js';
import { type Manifest, readManifest } from './manifest.js';
import { RunsTable } from './runs-table.js';
import { count } from './words.js';

/** A manifest has a line for each case: beyond so many it is read only when asked for. */
const MOST_READ_AT_ONCE = 20_000;

/** The cases as a suite reads them: as files now, in CI from then on. */
export function DownloadTab({ dataset, mayAct }: TabProps) {
  const { key, snapshots, caseCount } = dataset;
  const [format, setFormat] = useState('promptfoo');
  const [snapshot, setSnapshot] = useState('');
  const size = snapshots.find(({ version }) => String(version) === snapshot)?.caseCount ?? caseCount;
  return (
    <div className="use">
      {mayAct && (
        <section aria-label="Download">
          <h2>Download</h2>
          <div className="filters">
            <label>
              Format{' '}
              <select value={format} onChange={(event) => setFormat(event.target.value)}>
                {Object.entries(FORMATS).map(([group, formats]) => (
                  <optgroup key={group} label={group}>
                    {formats.map(({ name, reads }) => (
                      <option key={name} value={name}>
                        {name} – {reads}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </select>
            </label>
            <label>
              State{' '}
              <select value={snapshot} onChange={(event) => setSnapshot(event.target.value)}>
                <option value="">now</option>
                {snapshots.map(({ version }) => (
                  <option key={version} value={version}>
                    snapshot {version}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <Files key={`${format} ${snapshot}`} dataset={key} format={format} snapshot={snapshot} size={size} />
        </section>
      )}
      <CiSnippets dataset={key} />
      <RunsTable dataset={key} />
    </div>
  );
}

interface FilesProps {
  readonly dataset: string;
  readonly format: string;
  readonly snapshot: string;
  readonly size: number;
}

/** What the manifest says that there is: the files, and what the format cannot say. */
function Files({ dataset, format, snapshot, size }: FilesProps) {
  const [isWanted, setWanted] = useState(size <= MOST_READ_AT_ONCE);
  const [manifest, setManifest] = useState<Manifest | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    const stop = new AbortController();
    readManifest({ dataset, format, snapshot }, stop.signal).then(setManifest, (error: unknown) => {
      if (!stop.signal.aborted) setTrouble(error instanceof Error ? error.message : String(error));
    });
    return () => stop.abort();
  }, [isWanted, dataset, format, snapshot]);

  if (trouble) {
    return (
      <p className="mishap" role="alert">
        {trouble}
      </p>
    );
  }
  if (!isWanted) {
    return (
      <p>
        <button type="button" onClick={() => setWanted(true)}>
          See the files
        </button>{' '}
        <span className="quiet">With {count(size, 'case')}, that takes a moment.</span>
      </p>
    );
  }
  if (!manifest) return <p className="quiet">Looking what this format can say…</p>;
  return (
    <>
      <p role="status">
        <b>{count(manifest.count, 'case')}</b>
        {manifest.skipped === 0
          ? ', none left out.'
          : ` and ${manifest.skipped.toLocaleString('en')} left out, because this format cannot say them exactly:`}
      </p>
      {manifest.reasons.length > 0 && (
        <ul className="reasons">
          {manifest.reasons.map(({ reason, cases }) => (
            <li key={reason}>
              {count(cases, 'case')}: {reason}
            </li>
          ))}
        </ul>
      )}
      <ul className="files">
        {manifest.files.map(({ path, bytes, url }) => (
          <li key={path}>
            <a href={url} download>
              {path}
            </a>{' '}
            <span className="quiet">{bytes === null ? 'rows, reasons and hashes' : sizeOf(bytes)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const [unit, value] = bytes < 1_000_000 ? ['kB', bytes / 1_000] : ['MB', bytes / 1_000_000];
  return `${value.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}
