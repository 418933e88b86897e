import { Refusal } from '../errors.js';

/** From `from` to before `to`. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MOST_DAYS = 366;

/** The last 30 days up to now, unless told; at most 366 days. INVALID_INPUT otherwise. */
export function periodOf(from: Date | null, to: Date | null, now: Date): Period {
  const end = to ?? new Date(Math.max(now.getTime(), from?.getTime() ?? 0) + 1);
  const start = from ?? new Date(end.getTime() - DEFAULT_DAYS * DAY_MS);
  if (start >= end) throw new Refusal('INVALID_INPUT', '"from" must be before "to".');
  if (end.getTime() - start.getTime() > MOST_DAYS * DAY_MS) {
    throw new Refusal('INVALID_INPUT', `The period has more than ${MOST_DAYS} days; give a "from" closer to "to".`);
  }
  return { from: start, to: end };
}

/** The whole days (UTC) that the period touches. */
export function wholeDays({ from, to }: Period): Period {
  return {
    from: new Date(Math.floor(from.getTime() / DAY_MS) * DAY_MS),
    to: new Date(Math.ceil(to.getTime() / DAY_MS) * DAY_MS),
  };
}

/** When each of its days begins. */
export function eachDay({ from, to }: Period): Date[] {
  const count = Math.round((to.getTime() - from.getTime()) / DAY_MS);
  return Array.from({ length: count }, (_, n) => new Date(from.getTime() + n * DAY_MS));
}
