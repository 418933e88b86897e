import { DAYS, type HoursDraft, nameOf } from './deadline-draft.js';
import { inWords } from './settings.js';

export interface Step {
  afterSeconds: number;
  action: string;
  priority?: number;
  queue?: string;
}

export const ENDS: Readonly<Record<string, string | null>> = {
  CONFIRM: 'the output counts as confirmed',
  REJECT: 'the output counts as rejected',
  STAY_OPEN: null,
};

/** What happens to an overdue item, and when. */
export function sayStep({ afterSeconds, action, priority, queue }: Step): string {
  const what: Record<string, string> = {
    RAISE: `priority ${priority}`,
    WIDEN: 'anybody who works the queue, skills or not',
    HAND_OVER: `to the queue ${queue}`,
  };
  return `${at(afterSeconds)}: ${what[action] ?? action}`;
}

export function at(seconds: number): string {
  return seconds === 0 ? 'at the deadline' : `after ${inWords(seconds)}`;
}

/** The shifts of each day, a line for each, and where the clock hangs. */
export function sayHours(hours: HoursDraft | null): string {
  if (hours === null) return 'always';
  const week = DAYS.filter((day) => hours.week[day]).map((day) => `${nameOf(day)} ${hours.week[day]}`);
  const holidays = hours.holidays === '' ? [] : [`but not on ${hours.holidays}`];
  return [...week, ...holidays, hours.zone].join('\n');
}
