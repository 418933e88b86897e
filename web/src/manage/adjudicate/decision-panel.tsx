import { OutputEditor } from '../../correct/output-editor.js';
import type { Verdict, Work } from '../../review/answer.js';
import '../../review/answer-panel.css';
import { Asked, type Problem, type RubricField } from '../asked.js';
import type { Detail } from '../item-detail.js';
import { words } from '../states.js';

interface Props {
  item: Detail;
  work: Work;
  fields: RubricField[];
  marked: string | null;
  problem: Problem | null;
  /** Why this person may not decide it; null if they may. */
  refusal: string | null;
  isBusy: boolean;
  /** The correction was begun here, and is being written; not one that was taken or kept. */
  isWriting: boolean;
  onMark: (name: string | null) => void;
  onChange: (part: Partial<Work>) => void;
  onDecide: (verdict: Verdict) => void;
  onCorrect: () => void;
}

/** The final answer, taken from a reviewer or written anew, and why. */
export function DecisionPanel(props: Props) {
  const { item, work, problem, refusal, isBusy, onChange, onDecide } = props;
  if (refusal !== null) {
    return (
      <aside className="panel decision" aria-label="Your decision">
        <p role="status">{refusal}</p>
      </aside>
    );
  }
  const isCorrecting = work.correction !== null;
  return (
    <aside className="panel decision" aria-label="Your decision">
      <h2>Your decision</h2>
      {isCorrecting && (
        <OutputEditor
          output={item.output}
          text={work.correction!}
          takesFocus={props.isWriting}
          fault={problem?.at === 'correction' ? problem.message : null}
          onChange={(correction) => onChange({ correction, verdict: work.verdict ?? 'CORRECTED' })}
          onSubmit={() => onDecide(work.verdict ?? 'CORRECTED')}
        />
      )}
      <Asked
        fields={props.fields}
        labels={work.labels}
        output={item.output}
        verdict={work.verdict}
        marked={props.marked}
        faulty={problem?.at}
        onMark={props.onMark}
        onChange={(labels) => onChange({ labels })}
      />
      <div className="field">
        <label htmlFor="comment">
          Why, for whoever reads it later <kbd>M</kbd>
        </label>
        <textarea
          id="comment"
          rows={3}
          dir="auto"
          maxLength={10_000}
          value={work.comment}
          onChange={({ target }) => onChange({ comment: target.value })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </div>
      <p className="trouble" role="alert">
        {problem?.at !== 'correction' && problem?.message}
      </p>
      <div className="verdicts">
        {work.verdict && (
          <button type="button" className="primary long" disabled={isBusy} onClick={() => onDecide(work.verdict!)}>
            Decide: {words(work.verdict)} <kbd>D</kbd>
          </button>
        )}
        {isCorrecting ? (
          <button
            type="button"
            className="long"
            disabled={isBusy}
            onClick={() => onChange({ correction: null, verdict: null })}
          >
            Discard the correction
          </button>
        ) : (
          <>
            <button type="button" disabled={isBusy} onClick={() => onDecide('CONFIRMED')}>
              Confirm <kbd>C</kbd>
            </button>
            <button type="button" disabled={isBusy} onClick={props.onCorrect}>
              Correct <kbd>E</kbd>
            </button>
          </>
        )}
        <button type="button" className="long" disabled={isBusy} onClick={() => onDecide('REJECTED')}>
          Reject <kbd>R</kbd>
        </button>
      </div>
      <p className="quiet">
        <span className="wide">
          <kbd>1</kbd>…<kbd>9</kbd> take a reviewer’s answer. After <kbd>Q</kbd> they answer the marked question, until{' '}
          <kbd>Esc</kbd>.{' '}
        </span>
        What you write is kept in this browser.
      </p>
    </aside>
  );
}
