import { useEffect, useState } from 'react';
import { Link, useRoute } from 'wouter';

import { listen } from '../live.js';
import { ReviewerPaused } from './gold/operations.js';

interface Told {
  member: { id: string; name: string };
  queue: { key: string; name: string };
  answered: number;
  right: number;
}

const isOf = (one: Told, other: Told) => one.member.id === other.member.id && one.queue.key === other.queue.key;
const nothing = () => undefined;

/** Tells a manager, wherever they are, that a queue passes somebody by from now on. */
export function PausedNotice() {
  const [told, setTold] = useState<Told[]>([]);
  const [isThere] = useRoute('/manage/gold/*?');
  useEffect(
    () =>
      listen(
        ReviewerPaused,
        {},
        ({ reviewerPaused: event }) =>
          setTold((all) => [...all.filter((one) => !isOf(one, event)), ...(event.isPaused ? [event] : [])]),
        nothing,
      ),
    [],
  );
  // The page of known answers shows all of them.
  if (isThere || told.length === 0) return null;
  return (
    <div className="paused-notice" role="status">
      {told.map((one) => (
        <p key={`${one.member.id} ${one.queue.key}`}>
          <strong>{one.member.name}</strong> is paused in {one.queue.name}: {one.right} of {one.answered} known answers
          right. <Link href={`/manage/gold?queue=${one.queue.key}`}>See</Link>{' '}
          <button type="button" className="link" onClick={() => setTold(told.filter((other) => other !== one))}>
            Dismiss
          </button>
        </p>
      ))}
    </div>
  );
}
