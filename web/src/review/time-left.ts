/** What the service says of a deadline, in opening time where the queue has hours. */
export interface TimeLeft {
  readonly seconds: number;
  readonly asOf: string;
}

/** Whether the queue was open then, and until when. */
export interface Opening {
  readonly isOpen: boolean;
  readonly changesAt?: string | null;
}

/** Minutes until the deadline; the clock stands while the queue is closed. Negative when it is over. */
export function minutesLeft(left: TimeLeft, opening: Opening | null | undefined, now: number): number {
  const from = Date.parse(left.asOf);
  const change = opening?.changesAt ? Date.parse(opening.changesAt) : Number.POSITIVE_INFINITY;
  let passed = now - from;
  if (opening) passed = opening.isOpen ? Math.min(now, change) - from : Math.max(0, now - change);
  return Math.round(left.seconds / 60 - passed / 60_000);
}

/** `Monday 09:00` when the queue is closed now and will open then, as a clock here shows it. */
export function opensAgain(opening: Opening | null | undefined, now: number): string | null {
  if (!opening || opening.isOpen || !opening.changesAt) return null;
  const at = new Date(opening.changesAt);
  const days = (at.getTime() - now) / 86_400_000;
  if (days <= 0) return null;
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (at.toDateString() === new Date(now).toDateString()) return time;
  const day = days < 6 ? { weekday: 'long' as const } : { day: 'numeric' as const, month: 'long' as const };
  return `${at.toLocaleDateString('en-GB', day)} ${time}`;
}
