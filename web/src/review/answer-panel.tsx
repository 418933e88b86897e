import { RubricForm } from '../rubric/rubric-form.js';
import './answer-panel.css';
import type { Verdict } from './answer.js';
import type { Hand } from './desk-store.js';
import type { Answering } from './use-answering.js';

interface PanelProps {
  hand: Hand;
  answering: Answering;
  /** Questions come and go: the panel keeps its height, so that the verdicts stay where they are. */
  isSteady: boolean;
  onSkip?: () => void;
  onEscalate?: () => void;
  /** What was answered before, when that is changed: there is no lease then, nothing is left or skipped. */
  given?: Verdict;
}

const SAVED = { saved: 'Saved', saving: 'Saving…', local: 'Kept in this browser; not sent yet' } as const;

/** The rubric, the comment and the verdicts. */
export function AnswerPanel({ hand, answering, isSteady, onSkip, onEscalate, given }: PanelProps) {
  const { work } = hand;
  const { problem, change, finish } = answering;
  const isOff = hand.lost !== null;
  const isCorrecting = work.correction !== null;
  return (
    <aside className={isSteady ? 'answer steady' : 'answer'} aria-label="Your review">
      <div className="questions">
        <RubricForm
          fields={answering.fields}
          labels={work.labels}
          output={hand.assignment.item.output}
          marked={answering.marked}
          faulty={problem?.at}
          onMark={answering.mark}
          onChange={answering.label}
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
            value={work.comment}
            onChange={(event) => change({ comment: event.target.value })}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
        </div>
      </div>
      <div className="decide">
        <p className="trouble" role="alert">
          {problem?.at !== 'correction' && problem?.message}
        </p>
        {given && <p className="quiet again">You answered: {given.toLowerCase()}.</p>}
        {!problem && !isCorrecting && work.verdict && work.verdict !== given && (
          <p className="quiet again" role="status">
            {again(work.verdict)}
          </p>
        )}
        <div className="verdicts">
          {isCorrecting ? (
            <>
              <button type="button" className="primary long" disabled={isOff} onClick={() => finish('CORRECTED')}>
                Submit <span className="wide">correction</span> <kbd>Ctrl ⏎</kbd>
              </button>
              <button type="button" disabled={isOff} onClick={() => change({ verdict: null, correction: null })}>
                Discard
              </button>
            </>
          ) : (
            <>
              <button
                type="button"
                className="primary"
                disabled={isOff}
                aria-pressed={work.verdict === 'CONFIRMED' || undefined}
                onClick={() => finish('CONFIRMED')}
              >
                Confirm <kbd>C</kbd>
              </button>
              <button type="button" disabled={isOff} onClick={answering.correct}>
                Correct <kbd>E</kbd>
              </button>
            </>
          )}
          <button
            type="button"
            className={isCorrecting ? '' : 'long'}
            disabled={isOff}
            aria-pressed={work.verdict === 'REJECTED' || undefined}
            onClick={() => finish('REJECTED')}
          >
            Reject <kbd>R</kbd>
          </button>
        </div>
        {!given && (
          <div className="leave">
            <p className="quiet saved" role="status">
              {SAVED[hand.saved]}
            </p>
            <button type="button" className="plain" disabled={isOff} onClick={onSkip}>
              Skip <kbd>S</kbd>
            </button>
            <button type="button" className="plain" disabled={isOff} onClick={onEscalate}>
              Escalate <kbd>A</kbd>
            </button>
          </div>
        )}
      </div>
    </aside>
  );
}

/** A verdict was chosen that asks for more: how to hand it in. */
function again(verdict: string): string {
  const [name, key] = verdict === 'REJECTED' ? ['rejects', 'R'] : ['confirms', 'C'];
  return `Answer what is asked; ${key} again ${name} it.`;
}
