export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Day = (typeof DAYS)[number];

export function nameOf(day: Day): string {
  return day.charAt(0).toUpperCase() + day.slice(1);
}

/** When the people of a queue work, while it is written. */
export interface HoursDraft {
  zone: string;
  /** Shifts as they are typed: `09:00-12:00, 13:00-17:00`; nothing for a day on which none begins. */
  week: Record<Day, string>;
  /** Dates, separated by commas. */
  holidays: string;
}

/** What happens to an overdue item, while it is written. */
export interface StepDraft {
  afterHours: string;
  action: string;
  /** For RAISE. */
  priority: string;
  /** For HAND_OVER: a queue's key. */
  queue: string;
}

interface Hours {
  zone: string;
  week: Partial<Record<Day, string[]>>;
  holidays: string[];
}

interface Step {
  afterSeconds: number;
  action: string;
  priority?: number;
  queue?: string;
}

export function hoursDraftOf(hours: unknown): HoursDraft | null {
  if (hours === null) return null;
  const { zone, week, holidays } = hours as Hours;
  return { zone, week: weekOf((day) => (week[day] ?? []).join(', ')), holidays: holidays.join(', ') };
}

/** Where hours begin: office hours by the clock of whoever writes them. */
export function newHours(): HoursDraft {
  const isOfficeDay = (day: Day) => day !== 'saturday' && day !== 'sunday';
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    week: weekOf((day) => (isOfficeDay(day) ? '09:00-17:00' : '')),
    holidays: '',
  };
}

export function hoursOf(draft: HoursDraft | null): unknown {
  if (draft === null) return null;
  const days = DAYS.map((day) => [day, partsOf(draft.week[day])] as const).filter(([, shifts]) => shifts.length > 0);
  return { zone: draft.zone.trim(), week: Object.fromEntries(days), holidays: partsOf(draft.holidays) };
}

export function stepDraftsOf(steps: unknown): StepDraft[] {
  return (steps as Step[]).map(({ afterSeconds, action, priority, queue }) => ({
    afterHours: per(afterSeconds, 3_600),
    action,
    priority: priority === undefined ? '' : String(priority),
    queue: queue ?? '',
  }));
}

/** What a step of another kind would ask for stays in the draft, and goes nowhere. */
export function stepsOf(drafts: StepDraft[]): unknown[] {
  return drafts.map(({ afterHours, action, priority, queue }) => ({
    afterSeconds: numberOf(afterHours, 3_600),
    action,
    ...(action === 'RAISE' && { priority: numberOf(priority, 1) }),
    ...(action === 'HAND_OVER' && { queue }),
  }));
}

export function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

export function per(value: number | null, unit: number): string {
  return value === null ? '' : String(Number((value / unit).toPrecision(12)));
}

/** What is no number goes as it is, so that the service says what is wrong. */
export function numberOf(text: string, unit: number): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : Number((value * unit).toPrecision(12));
}

function weekOf(shiftsOn: (day: Day) => string): HoursDraft['week'] {
  return Object.fromEntries(DAYS.map((day) => [day, shiftsOn(day)])) as HoursDraft['week'];
}
