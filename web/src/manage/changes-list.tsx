import { Pieces } from '../evidence/text.js';
import { WordDiff } from '../evidence/word-diff.js';

/** One thing that changes, in the words of the page that changes it. */
export interface Change {
  readonly what: string;
  /** Null where nothing was there before. */
  readonly from: string | null;
  readonly to: string;
  /** What follows, also for what is there already. */
  readonly means?: string | undefined;
  /** A text so long that its words are compared. */
  readonly isText?: boolean;
}

/** What was, what will be, and what follows of it. */
export function ChangesList({ changes }: { changes: readonly Change[] }) {
  return (
    <ul className="changes" tabIndex={0} aria-label="What changes">
      {changes.map((change, i) => (
        <li key={i}>
          <strong>
            <Pieces text={change.what} />:
          </strong>{' '}
          <Values {...change} />
          {change.means && <p className="quiet">{change.means}</p>}
        </li>
      ))}
    </ul>
  );
}

function Values({ from, to, isText = false }: Change) {
  if (isText && from !== null) return <WordDiff before={from} after={to} />;
  return (
    <span className="from-to">
      {from !== null && (
        <>
          <span className="was">
            <Pieces text={from} />
          </span>
          {' → '}
        </>
      )}
      <Pieces text={to} />
    </span>
  );
}
