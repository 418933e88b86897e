import type { Session } from './session-count.js';

/** Fewer in a row are no streak. */
const STREAK = 5;

interface Props {
  session: Session;
  left: number;
  /** Reviews that others are at. */
  others: number;
}

/** How far this session is, how fast, and how long the rest may take. Says nothing before it knows. */
export function Progress({ session, left, others }: Props) {
  const { done, perHour, streak } = session;
  const facts = [
    done > 0 && `${done} reviewed`,
    streak >= STREAK && `${streak} in a row`,
    perHour && `${perHour} an hour`,
    left > 0 && `${left.toLocaleString('en')} open`,
    others > 0 && `${others.toLocaleString('en')} with others`,
    perHour && left > 0 && `about ${spanOf((left / perHour) * 60)}`,
  ].filter(Boolean);
  return <span className="progress quiet">{facts.join(' · ')}</span>;
}

function spanOf(minutes: number): string {
  if (minutes < 90) return `${Math.max(1, Math.round(minutes))} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} days`;
}
