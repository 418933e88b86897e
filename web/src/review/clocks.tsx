import { timeOf, useNow } from '../clock.js';
import { minutesLeft, type Opening, opensAgain, type TimeLeft } from './time-left.js';

/** An item as far as its deadline goes. */
interface Dated {
  readonly dueAt?: string | null;
  readonly timeLeft?: TimeLeft | null;
  readonly queue: { readonly opening?: Opening | null };
}

/** How long the item stays with this reviewer. Quiet until the last minute. */
export function LeaseClock({ until }: { until: string }) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - useNow(1_000)) / 1_000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const title = `Yours until ${timeOf(until)}. It is renewed while you work.`;
  return (
    <span className={seconds < 60 ? 'clock urgent' : 'clock'} title={title}>
      <span className="sr">Held for another </span>
      <span aria-hidden="true">◔ </span>
      {text}
      {seconds < 60 && seconds > 0 && <span> · still there?</span>}
    </span>
  );
}

/** The item's deadline, as people say it: in opening time, which stands while the queue is closed. */
export function Deadline({ item }: { item: Dated }) {
  const now = useNow(15_000);
  if (!item.dueAt || !item.timeLeft) return null;
  const minutes = minutesLeft(item.timeLeft, item.queue.opening, now);
  const opens = opensAgain(item.queue.opening, now);
  const span = Math.abs(minutes) < 90 ? `${Math.abs(minutes)} min` : `${Math.round(Math.abs(minutes) / 60)} h`;
  return (
    <span
      className={minutes < 0 ? 'clock late' : minutes < 15 ? 'clock urgent' : 'clock'}
      title={new Date(item.dueAt).toLocaleString()}
    >
      {minutes < 0 ? `${span} late` : `due in ${span}`}
      {opens && ` · open again ${opens}`}
    </span>
  );
}
