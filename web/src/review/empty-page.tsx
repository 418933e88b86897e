import './empty-page.css';
import { timeOf } from '../clock.js';
import type { Empty } from './desk-store.js';

/** All done, a clock, the way barred, hands full, a pause. */
const SIGNS: Readonly<Record<Empty['reason'], string>> = {
  NOTHING_OPEN: 'M20 33l9 9 16-20',
  ALL_LEASED: 'M32 16v16l10 7',
  NOT_ELIGIBLE: 'M18 32h28',
  AT_CAPACITY: 'M20 26h24M20 38h24',
  PAUSED: 'M25 21v22M39 21v22',
};

/** There is nothing to review: says which kind of nothing. The page goes on by itself when something comes. */
export function EmptyPage(props: { empty: Empty; queue: string | null; isSending: boolean; done: number }) {
  const [title, text] = wordsFor(props.empty, props.queue, props.isSending);
  return (
    <main className="notice" role="status">
      <svg viewBox="0 0 64 64" width="64" height="64" aria-hidden="true">
        <circle cx="32" cy="32" r="30" className="ring" />
        <path d={SIGNS[props.empty.reason]} className="tick" />
      </svg>
      <h1>{title}</h1>
      <p className="quiet">{text}</p>
      {props.done > 0 && <p className="quiet">{props.done} reviewed in this session.</p>}
    </main>
  );
}

function wordsFor({ reason, nextAvailableAt }: Empty, queue: string | null, isSending: boolean): [string, string] {
  if (isSending && reason !== 'NOT_ELIGIBLE' && reason !== 'PAUSED')
    return ['That was the last one', 'Your answer is sent in a moment; until then you can undo it.'];
  const where = queue ? ` in ${queue}` : '';
  switch (reason) {
    case 'NOTHING_OPEN':
      return ['Nothing open', `Nothing waits for a review${where}. The next item appears here by itself.`];
    case 'ALL_LEASED':
      return [
        'All taken',
        `Every open item${where} is with a reviewer. ${nextAvailableAt ? `The next one frees at ${timeOf(nextAvailableAt)} at the latest` : 'The next one frees soon'}, and comes here by itself.`,
      ];
    case 'NOT_ELIGIBLE':
      return [
        'Not for you',
        `Items are open${where}, but none that you may take: they need other skills, or you have reviewed or skipped them already.`,
      ];
    case 'PAUSED':
      return [
        'You are paused here',
        `Items are open${where}, but too few of your answers were right lately. A manager has been told; ask them how to go on.`,
      ];
    case 'AT_CAPACITY':
      return [
        'Your hands are full',
        'You hold as many items as one person may, on other devices or through the API. Finish those first.',
      ];
  }
}
