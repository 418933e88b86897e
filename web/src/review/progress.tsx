import type { Session } from './session-count.js';

/** How far this session is, how fast, and how long the rest may take. Says nothing before it knows. */
export function Progress({ session, left }: { session: Session; left: number }) {
  const { done, perHour } = session;
  const facts = [
    done > 0 && `${done} reviewed`,
    perHour && `${perHour} an hour`,
    left > 0 && `${left.toLocaleString('en')} open`,
    perHour && left > 0 && `about ${spanOf((left / perHour) * 60)}`,
  ].filter(Boolean);
  return <span className="progress quiet">{facts.join(' · ')}</span>;
}

function spanOf(minutes: number): string {
  if (minutes < 90) return `${Math.max(1, Math.round(minutes))} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} days`;
}
