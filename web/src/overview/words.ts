const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as one says it: 40 s, 12 min, 3.5 h, 2 d. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  const seconds = ms / 1_000;
  if (ms === 0) return '0';
  if (seconds < 1) return '< 1 s';
  if (seconds < MINUTE) return `${Math.round(seconds)} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${short(seconds / HOUR)} h`;
  return `${short(seconds / DAY)} d`;
}

export function share(value: number | null): string {
  if (value === null) return '–';
  return `${(100 * value).toLocaleString('en', { maximumFractionDigits: value < 0.1 ? 1 : 0 })} %`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** With a minus that is as wide as the digits. */
export function decimal(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

/** 12 Nov; days are those of UTC, as they are counted. */
export function day(instant: number): string {
  return new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

function short(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

const STEPS = [
  1,
  5,
  15,
  30,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
];

/** Three to five round lengths of time from 0 to `most`, in ms. */
export function durationTicks(most: number): number[] {
  const seconds = most / 1_000;
  const step = STEPS.find((one) => seconds / one <= 4) ?? Math.ceil(seconds / DAY / 4) * DAY;
  const ticks: number[] = [];
  for (let tick = 0; ticks.length === 0 || tick < seconds + step; tick += step) ticks.push(tick * 1_000);
  return ticks;
}
