import './answer-panel.css';
import type { Problem, Verdict } from './answer.js';
import type { Hand } from './desk-store.js';
import { type Labels, type RubricField, RubricForm } from './rubric-form.js';

interface PanelProps {
  hand: Hand;
  fields: RubricField[];
  marked: string | null;
  problem: Problem | null;
  onMark: (name: string) => void;
  onLabels: (labels: Labels) => void;
  onComment: (comment: string) => void;
  onFinish: (verdict: Verdict) => void;
  onCorrect: () => void;
  onDiscard: () => void;
  onSkip: () => void;
  onEscalate: () => void;
}

const SAVED = { saved: 'Saved', saving: 'Saving…', local: 'Kept in this browser; not sent yet' } as const;

/** The rubric, the comment and the verdicts. */
export function AnswerPanel(props: PanelProps) {
  const { hand, problem } = props;
  const isOff = hand.lost !== null;
  const isCorrecting = hand.work.correction !== null;
  return (
    <aside className="answer" aria-label="Your review">
      <div className="questions">
        <RubricForm
          fields={props.fields}
          labels={hand.work.labels}
          marked={props.marked}
          faulty={problem?.at}
          onMark={props.onMark}
          onChange={props.onLabels}
        />
        <div className="field">
          <label htmlFor="comment">
            Comment <kbd>M</kbd>
          </label>
          <textarea
            id="comment"
            rows={2}
            dir="auto"
            maxLength={10_000}
            value={hand.work.comment}
            onChange={(event) => props.onComment(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
        </div>
      </div>
      <div className="decide">
        <p className="trouble" role="alert">
          {problem?.at !== 'correction' && problem?.message}
        </p>
        <div className="verdicts">
          {isCorrecting ? (
            <>
              <button
                type="button"
                className="primary long"
                disabled={isOff}
                onClick={() => props.onFinish('CORRECTED')}
              >
                Submit <span className="wide">correction</span> <kbd>Ctrl ⏎</kbd>
              </button>
              <button type="button" disabled={isOff} onClick={props.onDiscard}>
                Discard
              </button>
            </>
          ) : (
            <>
              <button type="button" className="primary" disabled={isOff} onClick={() => props.onFinish('CONFIRMED')}>
                Confirm <kbd>C</kbd>
              </button>
              <button type="button" disabled={isOff} onClick={props.onCorrect}>
                Correct <kbd>E</kbd>
              </button>
            </>
          )}
          <button
            type="button"
            className={isCorrecting ? '' : 'long'}
            disabled={isOff}
            onClick={() => props.onFinish('REJECTED')}
          >
            Reject <kbd>R</kbd>
          </button>
        </div>
        <div className="leave">
          <p className="quiet saved" role="status">
            {SAVED[hand.saved]}
          </p>
          <button type="button" className="plain" disabled={isOff} onClick={props.onSkip}>
            Skip <kbd>S</kbd>
          </button>
          <button type="button" className="plain" disabled={isOff} onClick={props.onEscalate}>
            Escalate <kbd>A</kbd>
          </button>
        </div>
      </div>
    </aside>
  );
}
