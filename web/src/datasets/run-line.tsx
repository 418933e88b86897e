import type { Run } from './operations.js';
import './run-line.css';
import { date } from './words.js';

const OUTCOMES = {
  PASSED: { text: 'passed', tone: 'outcome passed' },
  FAILED: { text: 'failed', tone: 'outcome failed' },
  INCOMPLETE: { text: 'incomplete', tone: 'outcome incomplete' },
} as const;

export type Outcome = keyof typeof OUTCOMES;

export function OutcomeTag({ outcome, text }: { outcome: Outcome; text?: string }) {
  return <span className={OUTCOMES[outcome].tone}>{text ?? OUTCOMES[outcome].text}</span>;
}

/** Which run it was, in a line. The address was given by whoever reported the run; only one on the web is followed. */
export function RunName({
  run: { runId, commit, url, reportedAt },
}: {
  run: Pick<Run, 'runId' | 'commit' | 'url' | 'reportedAt'>;
}) {
  const isWeb = url !== null && /^https?:\/\//i.test(url);
  return (
    <>
      {isWeb ? (
        <a href={url} target="_blank" rel="noopener noreferrer" title={url}>
          {runId}
        </a>
      ) : (
        runId
      )}{' '}
      <span className="quiet">
        {commit && (
          <>
            of <code>{commit.slice(0, 12)}</code>,{' '}
          </>
        )}
        {date(reportedAt)}
      </span>
    </>
  );
}
