import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';

import { textOf } from '../../correct/read-correction.js';
import { Pieces } from '../../evidence/text.js';
import { apiError, ask } from '../../graphql.js';
import { useKeys } from '../../keys.js';
import { NOTHING, type Verdict, type Work } from '../../review/answer.js';
import { Deadline } from '../../review/clocks.js';
import { forgetWork, keepWork, recallWork } from '../../review/kept-work.js';
import { shownFields } from '../../rubric/field.js';
import type { Marker } from '../../rubric/markable-text.js';
import { MarkedOutput } from '../../rubric/marked-output.js';
import type { Who } from '../../session.js';
import { decisionOf, pickDigit, type Problem, type RubricField } from '../asked.js';
import { type Detail, type DetailReview, latestReviews } from '../item-detail.js';
import { Escalations, Undecidable } from '../escalations.js';
import { ItemEvidence } from '../item-evidence.js';
import { ReviewsSide } from '../reviews-side.js';
import { DecisionPanel } from './decision-panel.js';
import { Adjudicate } from './operations.js';

interface Props {
  item: Detail;
  who: Who;
  /** False once somebody else has decided it. */
  isOpen: boolean;
  onNext: () => void;
  onDecided: () => void;
}

/** One dispute: the evidence, all answers side by side, and the decision. Every keystroke is kept in this browser. */
export function DisputeDesk({ item, who, isOpen, onNext, onDecided }: Props) {
  const keeper = `adjudicating:${who.id}`;
  const [work, setWork] = useState<Work>(() => recallWork(keeper, item.id) ?? NOTHING);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [marked, setMarked] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isWriting, setIsWriting] = useState(false);
  const top = useRef<HTMLHeadingElement>(null);
  const marker = useRef<Marker>(null);
  const reviews = latestReviews(item);
  const fields = fieldsOf(item, reviews);
  const asked = shownFields(fields, { verdict: work.verdict, labels: work.labels, output: item.output });
  const refusal = whyNot(item, reviews, who, isOpen);
  useEffect(() => {
    window.scrollTo(0, 0);
    top.current?.focus({ preventScroll: true });
  }, []);

  const change = (part: Partial<Work>) => {
    const changed = { ...work, ...part };
    setProblem(null);
    setWork(changed);
    keepWork(keeper, item.id, { ...changed, at: Date.now() });
  };
  const take = ({ verdict, correctedOutput, labels }: DetailReview) => {
    setIsWriting(false);
    change({
      verdict,
      correction: correctedOutput === null ? null : textOf(correctedOutput),
      labels: labels as Work['labels'],
    });
    // Below all answers on a phone: what was taken is seen where it is decided.
    const panel = document.querySelector('.decision');
    if (panel && getComputedStyle(panel).position === 'static') panel.scrollIntoView();
  };
  const decide = async (verdict: Verdict) => {
    if (isBusy || refusal) return;
    const found = decisionOf(work, verdict, item, fields);
    if ('problem' in found) return setProblem(found.problem);
    setIsBusy(true);
    try {
      await ask(Adjudicate, { input: { itemId: item.id, ...found.review } });
      forgetWork(keeper, item.id);
      onDecided();
    } catch (failure) {
      const { isPassing, message } = apiError(failure);
      setProblem({ message: isPassing ? `${message} Your decision is kept here; try again.` : message });
      setIsBusy(false);
    }
  };
  const correct = () => {
    setIsWriting(true);
    if (work.correction === null) return change({ verdict: 'CORRECTED', correction: textOf(item.output) });
    const editor = document.getElementById('correction');
    (editor?.querySelector<HTMLElement>('textarea, input') ?? editor)?.focus();
  };
  const digit = (n: number) => {
    const field = asked.find(({ name }) => name === marked);
    if (field?.type === 'SPANS' || document.activeElement?.classList.contains('markable')) {
      marker.current?.mark(String(n));
      return;
    }
    const labels = field && pickDigit(field, work.labels, String(n));
    if (labels) change({ labels });
    else if (!field && reviews[n - 1]) take(reviews[n - 1]!);
  };
  const nextQuestion = () => {
    const next = asked[(asked.findIndex(({ name }) => name === marked) + 1) % asked.length];
    setMarked(next?.name ?? null);
    if (next?.type === 'SPANS') document.getElementById(`output-text-${next.target ?? ''}`)?.focus();
  };
  useKeys({
    n: onNext,
    ...(refusal === null && {
      ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [String(i), () => digit(i)])),
      c: () => void decide('CONFIRMED'),
      d: () => work.verdict && void decide(work.verdict),
      e: correct,
      r: () => void decide('REJECTED'),
      q: nextQuestion,
      escape: () => setMarked(null),
      m: () => document.getElementById('comment')?.focus(),
    }),
  });

  return (
    <>
      <div className="head">
        <h2 tabIndex={-1} ref={top} className="dispute-title">
          {item.queue.name}{' '}
          <Link href={`/manage/items/${item.id}`} className="mono">
            <Pieces text={item.externalId} />
          </Link>
        </h2>
        <Deadline item={item} />
      </div>
      <div className="item-grid dispute">
        <div>
          <Undecidable item={item} who={who} />
          <Escalations item={item} />
          <ItemEvidence
            item={item}
            output={
              refusal === null ? (
                <MarkedOutput
                  output={item.output}
                  all={fields}
                  asked={asked}
                  marked={marked}
                  labels={work.labels}
                  marker={marker}
                  onMark={setMarked}
                  onChange={(labels) => change({ labels })}
                />
              ) : undefined
            }
          />
          <section aria-labelledby="answers-title">
            <h2 id="answers-title">What the reviewers said</h2>
            <ReviewsSide output={item.output} reviews={reviews} {...(refusal === null && { onTake: take })} />
          </section>
        </div>
        <DecisionPanel
          item={item}
          work={work}
          fields={fields}
          marked={marked}
          problem={problem}
          refusal={refusal}
          isBusy={isBusy}
          isWriting={isWriting}
          onMark={setMarked}
          onChange={change}
          onDecide={(verdict) => void decide(verdict)}
          onCorrect={correct}
        />
      </div>
    </>
  );
}

/** An adjudication answers the newest version of the rubric that a review used. */
function fieldsOf(item: Detail, reviews: DetailReview[]): RubricField[] {
  const newest = reviews.toSorted((one, other) => other.rubric.version - one.rubric.version)[0];
  return (newest?.rubric ?? item.queue.rubric).fields as RubricField[];
}

/** The service refuses the same; it is said before somebody begins. */
function whyNot(item: Detail, reviews: DetailReview[], who: Who, isOpen: boolean): string | null {
  if (item.status === 'RESOLVED') return 'This item has its final answer.';
  if (item.status === 'WITHDRAWN') return 'This item was withdrawn.';
  if (item.status !== 'NEEDS_ADJUDICATION') return 'Reviews of this item are still to come.';
  if (!isOpen) return 'Somebody else has decided this item just now.';
  if (item.escalations.some(({ by }) => by.id === who.id)) {
    return 'You left this item to others; somebody else has to decide it.';
  }
  const isReviewer = reviews.some(({ reviewer }) => reviewer.id === who.id);
  return isReviewer ? 'You reviewed this item; somebody who did not has to decide it.' : null;
}
