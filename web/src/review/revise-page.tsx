import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';

import { now } from '../clock.js';
import { apiError, ask } from '../graphql.js';
import { useKeys } from '../keys.js';
import { When } from '../manage/states.js';
import { Notice } from '../notice.js';
import { Shown, useReading } from '../reading.js';
import type { RubricField } from '../rubric/field.js';
import { AnswerPanel } from './answer-panel.js';
import { reviewOf, type Verdict, type Work, workOf } from './answer.js';
import { type Answered, AnsweredItemQuery, ownReview, Revise } from './answered-operations.js';
import './desk.css';
import type { Hand } from './desk-store.js';
import { Origin, Why } from './item-facts.js';
import { forgetWork, keepWork, recallWork } from './kept-work.js';
import { InputSections } from './input-sections.js';
import { OutputSection } from './output-section.js';
import { useAnswering } from './use-answering.js';

/** Browsers take no longer ones. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One's own answer to an item, to be changed for as long as the queue allows. */
export function RevisePage({ id, member }: { id: string; member: string }) {
  const reading = useReading(AnsweredItemQuery, { id });
  return (
    <Shown reading={reading}>
      {({ item }) => {
        const review = item && ownReview(item, member);
        if (item && review) return <ReviseDesk key={review.id} item={item} review={review} member={member} />;
        return (
          <Notice title="You have not answered this item">
            <Link href="/answered">What you answered</Link>
          </Notice>
        );
      }}
    </Shown>
  );
}

interface DeskProps {
  item: Answered;
  review: Answered['reviews'][number];
  member: string;
}

function ReviseDesk({ item, review, member }: DeskProps) {
  const [, go] = useLocation();
  const given = () => workOf({ ...review, savedAt: review.submittedAt });
  // Kept as work at the desk is, but by the review: what is begun here is no draft of the item.
  const place = `review:${review.id}`;
  const [kept] = useState(() => recallWork(member, place));
  const [isAgain, setAgain] = useState(kept !== null);
  const [work, setWork] = useState<Work>(() => (kept ? { ...given(), ...kept } : given()));
  const over = useOver(review.revising);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const top = useRef<HTMLElement>(null);
  // As at the desk: keys answer until somebody goes into a field, also where a correction stands open from the start.
  useEffect(() => top.current?.querySelector('h1')?.focus({ preventScroll: true }), []);
  const all = review.rubric.fields as RubricField[];
  const assignment = { id: review.id, leaseToken: '', leaseExpiresAt: '', draft: null, rubric: review.rubric, item };
  const hand: Hand = { assignment, work, leaseExpiresAt: '', saved: 'saved', isChanged: false, lost: over };

  const send = async (input: object & { verdict: Verdict }) => {
    setBusy(true);
    setTrouble(null);
    try {
      await ask(Revise, { input: { ...input, reviewId: review.id } });
      forgetWork(member, place);
      go('/answered');
    } catch (error) {
      setTrouble(apiError(error).message);
      setBusy(false);
    }
  };
  const desk = {
    change(next: Work) {
      setWork(next);
      keepWork(member, place, { ...next, at: now() });
    },
    finish(verdict: Verdict) {
      if (isBusy || over) return null;
      const answer = reviewOf(work, verdict, hand.assignment);
      if (answer.problem) return answer.problem;
      void send(answer.review);
      return null;
    },
  };
  const discard = () => {
    forgetWork(member, place);
    setAgain(false);
    setWork(given());
  };
  const answering = useAnswering(desk, hand, all);
  useKeys(
    over
      ? {}
      : {
          ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [String(n), () => answering.digit(String(n))])),
          c: () => answering.finish('CONFIRMED'),
          e: answering.correct,
          r: () => answering.finish('REJECTED'),
          q: answering.nextQuestion,
          m: () => document.getElementById('comment')?.focus(),
        },
  );
  return (
    <main className="desk revising" ref={top} aria-labelledby="item-title">
      <div className="evidence">
        <header className="facts">
          <p>
            <Link href="/answered">What you answered</Link>
          </p>
          <div className="title">
            <h1 tabIndex={-1} id="item-title">
              {over ? 'Your answer' : 'Change your answer'}
            </h1>
            <span className="quiet id">{item.externalId}</span>
          </div>
          {over ? (
            <p className="lost" role="status">
              {over}
            </p>
          ) : (
            <p className="quiet">
              You may until <When at={review.revising.until!} />. What you write is kept in this browser until you send
              it.
            </p>
          )}
          {isAgain && !over && (
            <p className="lost" role="status">
              What you had begun to change is here again.{' '}
              <button type="button" className="link" onClick={discard}>
                Begin anew
              </button>
            </p>
          )}
          <Why item={item} />
        </header>
        {trouble && (
          <p className="lost" role="alert">
            {trouble}
          </p>
        )}
        <InputSections item={item} />
        <OutputSection hand={hand} all={all} answering={answering} />
        <Origin item={item} />
      </div>
      <AnswerPanel
        hand={hand}
        answering={answering}
        isSteady={all.some((field) => field.shownIf)}
        given={review.verdict}
      />
    </main>
  );
}

const REASONS = {
  DECIDED: 'It can no longer be changed: somebody else, or the deadline, has decided this item.',
  NEVER: 'In this queue answers cannot be changed.',
  SUPERSEDED: 'It was changed elsewhere.',
  TIME_OVER: 'It can no longer be changed: the time for that is over.',
  WITHDRAWN: 'It can no longer be changed: the item was withdrawn.',
} as const;

/** Why the answer can no longer be changed; null while it can. Said before anybody writes, and when the time ends meanwhile. */
function useOver({ until, impossibleBecause }: DeskProps['review']['revising']): string | null {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (until === null) return undefined;
    const rest = Math.min(Date.parse(until) - now(), LONGEST_TIMER_MS);
    const timer = setTimeout(() => setLate(Date.parse(until) <= now()), Math.max(0, rest));
    return () => clearTimeout(timer);
  }, [until]);
  if (impossibleBecause) return REASONS[impossibleBecause];
  return isLate ? REASONS.TIME_OVER : null;
}
