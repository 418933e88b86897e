import type { Fault, Path } from './fault.js';
import { nameOf, readList, Shape } from './shape.js';

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
type Day = (typeof DAYS)[number];

/** When the people of a queue work: what its deadlines count. */
export interface OpeningHours {
  /** An IANA time zone that the database knows. */
  readonly zone: string;
  /** `09:00-17:00`, by the clock on the wall; one that ends no later than it begins ends on the next day. */
  readonly week: Readonly<Partial<Record<Day, readonly string[]>>>;
  /** Dates on which no shift begins, `2026-12-25`. */
  readonly holidays: readonly string[];
}

const SHIFT = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/;
const MOST_SHIFTS = 10;
const MOST_HOLIDAYS = 400;
const DAY = 1_440;
const WEEK = 7 * DAY;
/** A duration may take this many weeks of opening time; the database does not look further ahead than 4,000 days. */
const MOST_WEEKS = 400;

/** Reads the hours of a queue; null for "always open". They are good only if nothing was added to `faults`. */
export function checkHours(value: unknown, path: Path, faults: Fault[]): OpeningHours | null {
  if (value === null) return null;
  const before = faults.length;
  const shape = Shape.read(value, path, faults, ['zone', 'week', 'holidays']);
  if (!shape) return null;
  const zone = shape.text('zone', { required: true, max: 64 }) ?? '';
  if (!shape.has('week')) shape.fault('week', 'is required: a mapping from days to shifts');
  const week = shape.has('week') ? readWeek(shape.get('week'), [...path, 'week'], faults) : {};
  const holidays = readHolidays(shape.list('holidays', MOST_HOLIDAYS), faults);
  if (faults.length === before) checkWeek(week, [...path, 'week'], faults);
  return { zone, week, holidays };
}

function readWeek(value: unknown, path: Path, faults: Fault[]): OpeningHours['week'] {
  const shape = Shape.read(value, path, faults, DAYS);
  if (!shape) return {};
  const days = DAYS.filter((day) => shape.has(day)).map((day) => {
    const given = shape.get(day);
    // One shift may stand without the brackets.
    const shifts = readList(typeof given === 'string' ? [given] : given, [...path, day], faults, MOST_SHIFTS);
    return [day, shifts.map((shift) => readShift(shift.value, shift.path, faults)).sort()] as const;
  });
  return Object.fromEntries(days.filter(([, shifts]) => shifts.length > 0));
}

function readShift(value: unknown, path: Path, faults: Fault[]): string {
  if (typeof value === 'string' && SHIFT.test(value)) return value;
  faults.push({ path, message: `must be like 09:00-17:00, from 00:00 to 24:00; it is ${nameOf(value)}` });
  return '';
}

function readHolidays(entries: readonly { value: unknown; path: Path }[], faults: Fault[]): string[] {
  const dates = entries.map(({ value, path }) => {
    if (typeof value === 'string' && isDate(value)) return value;
    faults.push({ path, message: `must be a date like 2026-12-25; it is ${nameOf(value)}` });
    return '';
  });
  return [...new Set(dates)].sort();
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) return false;
  return new Date(text).toISOString().startsWith(text);
}

/** Never open, or open twice at once: both are mistakes. */
function checkWeek(week: OpeningHours['week'], path: Path, faults: Fault[]): void {
  const shifts = shiftsOf(week).sort((a, b) => a.from - b.from);
  if (shifts.length === 0) {
    faults.push({ path, message: 'has no shifts: nothing would ever be due; leave `hours` out for "always open"' });
  }
  shifts.forEach((shift, i) => {
    const next = shifts[i + 1] ?? { ...shifts[0]!, from: shifts[0]!.from + WEEK };
    if (shift.to <= next.from) return;
    const message = `${shift.day} ${shift.text} and ${next.day} ${next.text} overlap`;
    faults.push({ path: [...path, next.day], message });
  });
}

/** In minutes since the beginning of Monday. */
function shiftsOf(week: OpeningHours['week']): { day: Day; text: string; from: number; to: number }[] {
  return DAYS.flatMap((day, i) =>
    (week[day] ?? []).map((text) => {
      const [begin = 0, end = 0] = text.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
      return { day, text, from: i * DAY + begin, to: i * DAY + (end <= begin ? end + DAY : end) };
    }),
  );
}

/** Why that many seconds of opening time are too long to wait for, or null. */
export function tooLong(hours: OpeningHours | null, seconds: number | null): string | null {
  if (!hours || seconds === null) return null;
  const openAWeek = shiftsOf(hours.week).reduce((sum, { from, to }) => sum + (to - from) * 60, 0);
  if (openAWeek === 0 || seconds <= openAWeek * MOST_WEEKS) return null;
  return `is more than ${MOST_WEEKS} weeks of these hours have: at most ${openAWeek * MOST_WEEKS} seconds`;
}
