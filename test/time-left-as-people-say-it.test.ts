import { expect, test } from 'vitest';

import { minutesLeft, opensAgain } from '../web/src/review/time-left.js';

const left = { seconds: 7_200, asOf: '2026-11-20T15:30:00Z' };
const at = (instant: string) => Date.parse(instant);

test('time left runs on without hours, and stands while a queue with hours is closed', () => {
  expect(minutesLeft(left, null, at('2026-11-20T16:30:00Z'))).toBe(60);
  expect(minutesLeft(left, null, at('2026-11-20T18:30:00Z'))).toBe(-60);
  const closes = { isOpen: true, changesAt: '2026-11-20T16:00:00Z' };
  expect(minutesLeft(left, closes, at('2026-11-20T15:45:00Z'))).toBe(105);
  expect(minutesLeft(left, closes, at('2026-11-20T23:00:00Z'))).toBe(90);
  const opens = { isOpen: false, changesAt: '2026-11-23T08:00:00Z' };
  expect(minutesLeft(left, opens, at('2026-11-22T08:00:00Z'))).toBe(120);
  expect(minutesLeft(left, opens, at('2026-11-23T09:00:00Z'))).toBe(60);
  expect(minutesLeft(left, { isOpen: true, changesAt: null }, at('2026-11-20T16:30:00Z'))).toBe(60);
});

test('a closed queue says when it opens again, an open one nothing', () => {
  // Noon here and three days later at nine, whatever zone this machine is in.
  const now = new Date(2026, 10, 20, 12).getTime();
  const opening = (day: number, hour: number) => ({
    isOpen: false,
    changesAt: new Date(2026, 10, day, hour).toISOString(),
  });
  const time = (hour: number) =>
    new Date(2026, 10, 20, hour).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  expect(opensAgain(opening(23, 9), now)).toBe(`Monday ${time(9)}`);
  expect(opensAgain(opening(20, 14), now)).toBe(time(14));
  expect(opensAgain(opening(30, 9), now)).toBe(`30 November ${time(9)}`);
  expect(opensAgain(opening(20, 9), now)).toBeNull();
  expect(opensAgain({ ...opening(23, 9), isOpen: true }, now)).toBeNull();
  expect(opensAgain(null, now)).toBeNull();
});
