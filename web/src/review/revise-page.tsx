import { useState } from 'react';
import { Link, useLocation } from 'wouter';

import { Evidence } from '../evidence/evidence.js';
import { apiError, ask } from '../graphql.js';
import { useKeys } from '../keys.js';
import { Notice } from '../notice.js';
import { Shown, useReading } from '../reading.js';
import type { RubricField } from '../rubric/field.js';
import { AnswerPanel } from './answer-panel.js';
import { reviewOf, type Verdict, type Work, workOf } from './answer.js';
import { type Answered, AnsweredItemQuery, ownReview, Revise } from './answered-operations.js';
import './desk.css';
import type { Hand } from './desk-store.js';
import { Origin, Why } from './item-facts.js';
import { OutputSection } from './output-section.js';
import { useAnswering } from './use-answering.js';

/** One's own answer to an item, to be changed for as long as the queue allows. */
export function RevisePage({ id, member }: { id: string; member: string }) {
  const reading = useReading(AnsweredItemQuery, { id });
  return (
    <Shown reading={reading}>
      {({ item }) => {
        const review = item && ownReview(item, member);
        if (item && review) return <ReviseDesk key={review.id} item={item} review={review} />;
        return (
          <Notice title="You have not answered this item">
            <Link href="/answered">What you answered</Link>
          </Notice>
        );
      }}
    </Shown>
  );
}

function ReviseDesk({ item, review }: { item: Answered; review: Answered['reviews'][number] }) {
  const [, go] = useLocation();
  const [work, setWork] = useState<Work>(() => workOf({ ...review, savedAt: review.submittedAt }));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const all = review.rubric.fields as RubricField[];
  const assignment = { id: review.id, leaseToken: '', leaseExpiresAt: '', draft: null, rubric: review.rubric, item };
  const hand: Hand = { assignment, work, leaseExpiresAt: '', saved: 'saved', isChanged: false, lost: null };

  const send = async (input: object & { verdict: Verdict }) => {
    setBusy(true);
    setTrouble(null);
    try {
      await ask(Revise, { input: { ...input, reviewId: review.id } });
      go('/answered');
    } catch (error) {
      setTrouble(apiError(error).message);
      setBusy(false);
    }
  };
  const desk = {
    change: setWork,
    finish(verdict: Verdict) {
      if (isBusy) return null;
      const answer = reviewOf(work, verdict, hand.assignment);
      if (answer.problem) return answer.problem;
      void send(answer.review);
      return null;
    },
  };
  const answering = useAnswering(desk, hand, all);
  useKeys({
    ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [String(n), () => answering.digit(String(n))])),
    c: () => answering.finish('CONFIRMED'),
    e: answering.correct,
    r: () => answering.finish('REJECTED'),
    q: answering.nextQuestion,
    m: () => document.getElementById('comment')?.focus(),
  });
  return (
    <main className="desk revising" aria-labelledby="item-title">
      <div className="evidence">
        <header className="facts">
          <p>
            <Link href="/answered">What you answered</Link>
          </p>
          <div className="title">
            <h1 id="item-title">Change your answer</h1>
            <span className="quiet id">{item.externalId}</span>
          </div>
          <Why item={item} />
        </header>
        {trouble && (
          <p className="lost" role="alert">
            {trouble}
          </p>
        )}
        <section aria-label="Input">
          <h2>Input</h2>
          <Evidence value={item.input} />
        </section>
        {item.context.length > 0 && (
          <section aria-label="Context">
            <h2>Context</h2>
            {item.context.map((entry, i) => (
              <div key={i} className="passage">
                <Evidence value={entry} />
              </div>
            ))}
          </section>
        )}
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
