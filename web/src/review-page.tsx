import type { ResultOf } from 'gql.tada';
import { useCallback, useEffect, useState } from 'react';

import { Notice } from './app.js';
import { ask } from './graphql.js';
import { ItemDesk } from './item-desk.js';
import { AssignmentsQuery, ClaimNext } from './operations.js';
import { QueueBar } from './queue-bar.js';

export type Assignment = ResultOf<typeof AssignmentsQuery>['assignments'][number];
type Empty = Pick<ResultOf<typeof ClaimNext>['claimNext'], 'emptyReason' | 'nextAvailableAt'>;

/** One item in hand at a time: what was already held comes first, then the next of the chosen queue. */
export function ReviewPage() {
  const [queue, setQueue] = useState<string | null>(null);
  const [inHand, setInHand] = useState<Assignment | null>(null);
  const [empty, setEmpty] = useState<Empty | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [done, setDone] = useState(0);

  const next = useCallback(async () => {
    setTrouble(null);
    try {
      const { assignments } = await ask(AssignmentsQuery, {});
      const held = assignments.find((one) => queue === null || one.item.queue.key === queue);
      if (held) {
        setEmpty(null);
        setInHand(held);
        return;
      }
      const { claimNext } = await ask(ClaimNext, { input: queue ? { queue } : {} });
      setEmpty(claimNext.assignments.length === 0 ? claimNext : null);
      setInHand(claimNext.assignments[0] ?? null);
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
  }, [queue]);
  useEffect(() => void next(), [next]);

  return (
    <>
      <QueueBar chosen={queue} onChoose={setQueue} />
      {trouble ? (
        <Notice title="That did not work" text={trouble} action="Try again" onAction={next} />
      ) : inHand ? (
        <ItemDesk
          key={inHand.id}
          assignment={inHand}
          done={done}
          onFinished={(isReview) => {
            if (isReview) setDone((count) => count + 1);
            void next();
          }}
        />
      ) : empty ? (
        <EmptyNotice empty={empty} onLook={next} />
      ) : null}
    </>
  );
}

function EmptyNotice({ empty, onLook }: { empty: Empty; onLook: () => Promise<void> }) {
  const time = empty.nextAvailableAt && new Date(empty.nextAvailableAt).toLocaleTimeString();
  const texts: Record<string, [string, string]> = {
    NOTHING_OPEN: ['All done', 'Nothing is waiting for a review.'],
    ALL_LEASED: [
      'Others are on it',
      `Every open item is with a reviewer. The next may be free at ${time ?? 'any time'}.`,
    ],
    NOT_ELIGIBLE: [
      'Nothing for you',
      'Items are open, but none that you may take: other skills, or you have seen them already.',
    ],
    AT_CAPACITY: ['Your hands are full', 'You hold as many items as one person may.'],
  };
  const [title, text] = texts[empty.emptyReason ?? 'NOTHING_OPEN'] ?? ['Nothing here', ''];
  return <Notice title={title} text={text} action="Look again" onAction={onLook} />;
}
