import { Link } from 'wouter';

import { useReading } from '../reading.js';
import { CaseQuery } from './operations.js';
import { Difference } from './difference.js';
import { date } from './words.js';

interface RevisionsProps {
  readonly dataset: string;
  readonly caseId: string;
  readonly revisions: readonly { revision: number; createdAt: string; isRetracted: boolean }[];
  readonly shown: number;
}

/** What the case was, and what the revision that is shown changed. */
export function Revisions({ dataset, caseId, revisions, shown }: RevisionsProps) {
  const before = revisions.find(({ revision, isRetracted }) => revision < shown && !isRetracted);
  return (
    <section>
      <h2>Revisions</h2>
      <ol className="revisions">
        {revisions.map(({ revision, createdAt, isRetracted }) => (
          <li key={revision}>
            <Link
              href={`/manage/datasets/${dataset}/cases/${caseId}/${revision}`}
              aria-current={revision === shown ? 'true' : undefined}
            >
              {revision}
            </Link>{' '}
            <span className="quiet">
              {date(createdAt)}
              {isRetracted && ', taken back'}
            </span>
          </li>
        ))}
      </ol>
      {before && (
        <details key={shown}>
          <summary>What revision {shown} changed</summary>
          <ChangedSince dataset={dataset} caseId={caseId} from={before.revision} to={shown} />
        </details>
      )}
    </section>
  );
}

function ChangedSince({ dataset, caseId, from, to }: { dataset: string; caseId: string; from: number; to: number }) {
  const before = useReading(CaseQuery, { dataset, id: caseId, revision: from });
  const after = useReading(CaseQuery, { dataset, id: caseId, revision: to });
  if (!before.data || !after.data) return <p className="quiet">Reading…</p>;
  return <Difference before={before.data.evalCase} after={after.data.evalCase} />;
}
