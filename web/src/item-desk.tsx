import { useCallback, useEffect, useRef, useState } from 'react';

import { Evidence, textOf } from './evidence.js';
import { ApiError, ask } from './graphql.js';
import { LeaseClock } from './lease-clock.js';
import { Release, RenewLease, SaveDraft, Submit } from './operations.js';
import type { Assignment } from './review-page.js';
import { type Labels, type RubricField, RubricForm } from './rubric-form.js';

type Verdict = 'CONFIRMED' | 'CORRECTED' | 'REJECTED';
interface Work {
  verdict: Verdict | null;
  correction: string | null;
  labels: Labels;
  comment: string;
}

/** The desk: the evidence on the left, the answer on the right. What is typed is saved as a draft as it is typed. */
export function ItemDesk(props: { assignment: Assignment; done: number; onFinished: (isReview: boolean) => void }) {
  const { assignment, onFinished } = props;
  const { item } = assignment;
  const lease = { assignmentId: assignment.id, leaseToken: assignment.leaseToken };
  const isText = typeof item.output === 'string';
  const [leaseExpiresAt, setLeaseExpiresAt] = useState(assignment.leaseExpiresAt);
  const [work, setWork] = useState<Work>(() => startingWork(assignment));
  const [saved, setSaved] = useState<'saved' | 'saving' | 'unsaved'>('saved');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isFirst = useRef(true);
  const editor = useRef<HTMLTextAreaElement>(null);

  useDraft(work, isFirst, async (latest) => {
    setSaved('saving');
    try {
      const correctedOutput = latest.correction === null ? null : parse(latest.correction, isText);
      await ask(SaveDraft, {
        input: { ...lease, verdict: latest.verdict, correctedOutput, labels: latest.labels, comment: latest.comment },
      });
      setSaved('saved');
    } catch (error) {
      setSaved('unsaved');
      if (error instanceof ApiError && error.code === 'LEASE_LOST') setTrouble(error.message);
    }
  });

  useEffect(() => {
    const span = Math.max(1_000, (Date.parse(assignment.leaseExpiresAt) - Date.now()) / 3);
    const timer = setInterval(() => {
      if (document.hidden) return;
      void ask(RenewLease, { input: lease }).then(
        ({ renewLease }) => setLeaseExpiresAt(renewLease.assignment.leaseExpiresAt),
        (error: unknown) => {
          if (error instanceof ApiError && error.code !== 'NETWORK') setTrouble(error.message);
        },
      );
    }, span);
    return () => clearInterval(timer);
  }, [assignment.id]);

  const finish = useCallback(
    async (action: () => Promise<unknown>, isReview: boolean) => {
      setIsBusy(true);
      setTrouble(null);
      try {
        await action();
        onFinished(isReview);
      } catch (error) {
        setTrouble(error instanceof Error ? error.message : String(error));
        setIsBusy(false);
      }
    },
    [onFinished],
  );

  const submit = (verdict: Verdict) =>
    finish(() => {
      const correctedOutput =
        verdict === 'CONFIRMED' || work.correction === null ? null : parse(work.correction, isText);
      const comment = work.comment || null;
      return ask(Submit, { input: { ...lease, verdict, correctedOutput, labels: work.labels, comment } });
    }, true);
  const skip = () => finish(() => ask(Release, { input: { ...lease, skip: true } }), false);
  const correct = () => {
    setWork({ ...work, verdict: 'CORRECTED', correction: work.correction ?? textOf(item.output) });
    requestAnimationFrame(() => editor.current?.focus());
  };

  useKeys({ c: () => submit('CONFIRMED'), e: correct, r: () => submit('REJECTED'), s: skip });

  return (
    <main className="desk">
      <section className="evidence" aria-label="What was flagged">
        <div className="facts">
          <strong>{item.queue.name}</strong>
          <span className="quiet">{item.externalId}</span>
          <span className="quiet">{item.source}</span>
          {item.model && <span className="quiet">{`${item.model.name} ${item.model.version}`}</span>}
          <span className="grow" />
          <LeaseClock until={leaseExpiresAt} />
        </div>
        <div className="why">
          {item.risk && <span className={`chip ${item.risk.toLowerCase()}`}>{item.risk.toLowerCase()} risk</span>}
          {item.confidence !== null && <span className="chip">confidence {item.confidence.toFixed(2)}</span>}
          {item.reasons.map((reason) => (
            <span key={reason} className="chip">
              {reason}
            </span>
          ))}
          {item.signals.map((signal) => (
            <span key={signal.name} className="chip faint">
              {signal.name} {signal.value}
            </span>
          ))}
        </div>
        <h2>Input</h2>
        <Evidence value={item.input} />
        {item.context.length > 0 && (
          <details>
            <summary>Context · {item.context.length}</summary>
            {item.context.map((passage, i) => (
              <Evidence key={i} value={passage} />
            ))}
          </details>
        )}
        <h2>Output</h2>
        <div className="output">
          <Evidence value={item.output} />
        </div>
      </section>
      <aside className="answer" aria-label="Your review">
        {item.queue.instructions && <p className="instructions">{item.queue.instructions}</p>}
        {work.correction !== null && (
          <label className="correction">
            Corrected output
            <textarea
              ref={editor}
              rows={10}
              dir="auto"
              value={work.correction}
              onChange={(event) => setWork({ ...work, verdict: 'CORRECTED', correction: event.target.value })}
            />
          </label>
        )}
        <RubricForm
          fields={item.queue.rubric.fields as RubricField[]}
          labels={work.labels}
          onChange={(labels) => setWork({ ...work, labels })}
        />
        <label>
          Comment
          <textarea
            rows={2}
            value={work.comment}
            onChange={(event) => setWork({ ...work, comment: event.target.value })}
          />
        </label>
        {trouble && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="verdicts">
          {work.correction === null ? (
            <>
              <button type="button" className="confirm" disabled={isBusy} onClick={() => void submit('CONFIRMED')}>
                Confirm <kbd>C</kbd>
              </button>
              <button type="button" disabled={isBusy} onClick={correct}>
                Correct <kbd>E</kbd>
              </button>
            </>
          ) : (
            <>
              <button type="button" className="confirm" disabled={isBusy} onClick={() => void submit('CORRECTED')}>
                Submit correction
              </button>
              <button
                type="button"
                disabled={isBusy}
                onClick={() => setWork({ ...work, verdict: null, correction: null })}
              >
                Discard correction
              </button>
            </>
          )}
          <button type="button" disabled={isBusy} onClick={() => void submit('REJECTED')}>
            Reject <kbd>R</kbd>
          </button>
          <button type="button" className="plain" disabled={isBusy} onClick={() => void skip()}>
            Skip <kbd>S</kbd>
          </button>
        </div>
        <p className="quiet" aria-live="polite">
          {saved === 'saved' ? 'Saved' : saved === 'saving' ? 'Saving…' : 'Not saved yet: still in this tab'} ·{' '}
          {props.done} reviewed in this session
        </p>
      </aside>
    </main>
  );
}

function startingWork({ draft }: Assignment): Work {
  const correction = draft?.correctedOutput;
  return {
    verdict: draft?.verdict ?? null,
    correction: correction === null || correction === undefined ? null : textOf(correction),
    labels: (draft?.labels as Labels | null) ?? {},
    comment: draft?.comment ?? '',
  };
}

/** A corrected text stays text; a corrected structure must be JSON again. */
function parse(correction: string, isText: boolean): unknown {
  if (isText) return correction;
  try {
    return JSON.parse(correction);
  } catch {
    throw new ApiError('INVALID_JSON', 'The output was structured data; the correction is not valid JSON yet.');
  }
}

/** Saves half a second after the last change, never for what was only loaded. */
function useDraft(work: Work, isFirst: { current: boolean }, save: (work: Work) => Promise<void>): void {
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => void latest.current(work), 500);
    return () => clearTimeout(timer);
  }, [work, isFirst]);
}

/** Single keys, while nothing is being typed. */
function useKeys(keys: Record<string, () => unknown>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      const action = latest.current[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
