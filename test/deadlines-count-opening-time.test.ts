import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let manager: string;
beforeAll(async () => {
  service = await startService();
  manager = (await service.member({ role: Role.MANAGER })).token;
});
afterAll(() => service?.stop());

const HOUR = 3_600;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const every = (shifts: string[], days = DAYS) => Object.fromEntries(days.map((day) => [day, shifts]));
const hours = (zone: string, week: object, holidays: string[] = []) => ({ zone, week, holidays });

/** The instant after so much opening time, whatever time zone the session has. */
async function after(opening: object, start: string, seconds: number, session = 'UTC'): Promise<string> {
  const [row] = await service.sql<any>(
    `SELECT open_after($1, $2::timestamptz, $3) AS due
       FROM (SELECT set_config('TimeZone', $4, true) AS zone OFFSET 0) s WHERE zone = $4`,
    [JSON.stringify(opening), start, seconds, session],
  );
  return row.due.toISOString().replace('.000', '');
}

const open = async (opening: object, from: string, to: string) =>
  (await service.sql<any>(`SELECT open_seconds($1, $2, $3) AS s`, [JSON.stringify(opening), from, to]))[0].s as number;

describe('a day when the clocks change', () => {
  test.each([
    ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 23],
    ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 25],
    ['America/New_York', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', 23],
    ['America/New_York', '2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', 25],
    // Half an hour, and a zone that is half an hour off.
    ['Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-04T13:00:00Z', 23.5],
    ['Asia/Kolkata', '2026-03-28T18:30:00Z', '2026-03-29T18:30:00Z', 24],
  ])('in %s has as many hours as it has', async (zone, midnight, next, length) => {
    const always = hours(zone, every(['00:00-24:00']));
    expect(await open(always, midnight, next)).toBe(length * HOUR);
    expect(await after(always, midnight, length * HOUR)).toBe(next);
    // A second more is of the next day; the session's own zone has no say.
    for (const session of ['UTC', 'America/New_York', 'Europe/Berlin']) {
      const later = new Date(Date.parse(next) + 1_000).toISOString().replace('.000', '');
      expect(await after(always, midnight, length * HOUR + 1, session)).toBe(later);
    }
  });

  test('leaves office hours as long as on any day, an hour earlier or later by the sun', async () => {
    const office = hours('Europe/Berlin', every(['09:00-17:00']));
    expect(await after(office, '2026-03-28T15:00:00Z', 2 * HOUR)).toBe('2026-03-29T08:00:00Z');
    expect(await after(office, '2026-10-24T14:00:00Z', 2 * HOUR)).toBe('2026-10-25T09:00:00Z');
    const newYork = hours('America/New_York', every(['09:00-17:00']));
    expect(await after(newYork, '2026-03-07T21:00:00Z', 2 * HOUR)).toBe('2026-03-08T14:00:00Z');
    expect(await after(newYork, '2026-10-31T20:00:00Z', 2 * HOUR)).toBe('2026-11-01T15:00:00Z');
  });

  test('makes a night shift as much shorter or longer', async () => {
    const night = hours('Europe/Berlin', every(['22:00-06:00']));
    expect(await open(night, '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toBe(7 * HOUR);
    expect(await open(night, '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toBe(9 * HOUR);
    // From 22:00 (CET) seven hours are over at 06:00 (CEST).
    expect(await after(night, '2026-03-28T21:00:00Z', 7 * HOUR)).toBe('2026-03-29T04:00:00Z');
  });

  test('a shift that begins or ends at a time that the clock skips does so when it is put forward', async () => {
    const from = hours('Europe/Berlin', every(['02:30-04:00']));
    expect(await open(from, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(HOUR);
    const until = hours('Europe/Berlin', every(['01:00-02:30']));
    expect(await open(until, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(HOUR);
    // What the clock shows twice means the later one.
    expect(await open(until, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toBe(2.5 * HOUR);
  });
});

describe('opening time', () => {
  const weekdays = hours('Europe/Berlin', every(['09:00-12:00', '13:00-17:00'], DAYS.slice(0, 5)), ['2026-12-25']);

  test.each([
    ['within a shift', '2026-11-23T08:30:00Z', HOUR, '2026-11-23T09:30:00Z'],
    ['over the lunch break', '2026-11-23T10:30:00Z', HOUR, '2026-11-23T12:30:00Z'],
    ['over a weekend', '2026-11-20T15:30:00Z', HOUR, '2026-11-23T08:30:00Z'],
    ['over a holiday and the weekend behind it', '2026-12-24T15:30:00Z', HOUR, '2026-12-28T08:30:00Z'],
    ['from when it is closed', '2026-11-21T20:00:00Z', HOUR, '2026-11-23T09:00:00Z'],
    ['from the minute it opens', '2026-11-23T08:00:00Z', HOUR, '2026-11-23T09:00:00Z'],
    ['from the minute it closes', '2026-11-23T16:00:00Z', HOUR, '2026-11-24T09:00:00Z'],
    ['to the minute it closes, and no further', '2026-11-23T15:00:00Z', HOUR, '2026-11-23T16:00:00Z'],
    ['for a whole day of shifts', '2026-11-23T08:00:00Z', 7 * HOUR, '2026-11-23T16:00:00Z'],
    ['for two weeks', '2026-11-23T08:00:00Z', 70 * HOUR, '2026-12-04T16:00:00Z'],
    ['for a second over a boundary', '2026-11-23T15:00:00Z', HOUR + 1, '2026-11-24T08:00:01Z'],
    ['for no time at all', '2026-11-22T10:00:00Z', 0, '2026-11-22T10:00:00Z'],
  ])('is counted %s', async (_, start, seconds, due) => {
    expect(await after(weekdays, start, seconds)).toBe(due);
  });

  test('is of a shift over midnight, which belongs to the day it begins on', async () => {
    const night = hours('America/New_York', { friday: ['22:00-06:00'] }, ['2026-11-27']);
    expect(await after(night, '2026-11-21T04:00:00Z', 2 * HOUR)).toBe('2026-11-21T06:00:00Z');
    // The one of the 27th falls out.
    expect(await after(night, '2026-11-21T10:00:00Z', 2 * HOUR)).toBe('2026-12-05T04:00:00Z');
  });

  test('back from an instant is the inverse of forward', async () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe']) {
      const mixed = hours(zone, { ...every(['22:00-06:00', '09:15-16:45']), sunday: [] }, ['2026-10-26']);
      const [row] = await service.sql<any>(
        `SELECT count(*)::int AS wrong FROM generate_series(0, 120) n, unnest(ARRAY[1, 900, 27000, 200000]) s,
                LATERAL (SELECT timestamptz '2026-10-20T00:00Z' + n * interval '3 hours 7 minutes' AS start) a,
                LATERAL (SELECT open_after($1, start, s) AS due) b
          WHERE NOT (open_before($1, due, s) >= start AND open_after($1, open_before($1, due, s), s) = due
                     AND open_before($1, due - interval '1 second', s) < start
                     AND abs(open_seconds($1, start, due) - s) < 0.001)`,
        [JSON.stringify(mixed)],
      );
      expect(row.wrong).toBe(0);
    }
  });

  test('a queue says whether it is open and when that changes, shifts without a pause being one', async () => {
    const at = async (opening: object, instant: string) => {
      const [row] = await service.sql<any>(`SELECT * FROM opening_at($1, $2)`, [JSON.stringify(opening), instant]);
      return [row.is_open, row.changes_at?.toISOString() ?? null];
    };
    expect(await at(weekdays, '2026-11-23T07:59:59Z')).toEqual([false, '2026-11-23T08:00:00.000Z']);
    expect(await at(weekdays, '2026-11-23T08:00:00Z')).toEqual([true, '2026-11-23T11:00:00.000Z']);
    expect(await at(weekdays, '2026-11-20T16:00:00Z')).toEqual([false, '2026-11-23T08:00:00.000Z']);
    const whole = hours('Europe/Berlin', { monday: ['20:00-24:00'], tuesday: ['00:00-08:00'] });
    expect(await at(whole, '2026-11-23T20:00:00Z')).toEqual([true, '2026-11-24T07:00:00.000Z']);
    expect(await at(hours('UTC', every(['00:00-24:00'])), '2026-11-23T20:00:00Z')).toEqual([true, null]);
  });
});

const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { hours opening { isOpen changesAt } } } }`;
const save = (input: object) => service.ask(manager, SAVE, { input: { name: 'Hours', ...input } });

describe('the hours of a queue', () => {
  test('are kept as said, and its items are due by them', async () => {
    const key = await service.key();
    // Open for an hour each day, and closed now.
    const [now] = await service.sql<any>(
      `SELECT to_char(now() AT TIME ZONE 'Asia/Kolkata' + interval '2 hours', 'HH24:00') AS opens,
              to_char(now() AT TIME ZONE 'Asia/Kolkata' + interval '3 hours', 'HH24:00') AS closes`,
    );
    const shift = `${now.opens}-${now.closes}`;
    const saved = await save({
      key: 'kolkata',
      slaSeconds: 2 * HOUR,
      hours: { zone: 'Asia/Kolkata', week: every([shift]) },
    });
    expect(saved.data.saveQueue.queue).toEqual({
      hours: { zone: 'Asia/Kolkata', week: every([shift]), holidays: [] },
      opening: { isOpen: false, changesAt: expect.any(String) },
    });
    const flagged = await service.do<any>(
      key,
      `mutation { flagOutput(input: { externalId: "due", queue: "kolkata", source: "s", input: 1, output: 2 }) {
         item { id dueAt timeLeft { seconds asOf } queue { opening { changesAt } } } } }`,
    );
    const { item } = flagged.flagOutput;
    // An hour today and an hour tomorrow: as long after the opening as a day and an hour.
    const opens = Date.parse(item.queue.opening.changesAt);
    expect(Date.parse(item.dueAt)).toBe(opens + 25 * HOUR * 1_000);
    expect(item.timeLeft).toEqual({ seconds: 2 * HOUR, asOf: expect.any(String) });
    // The app's own deadline stands, and an ordinary queue counts every second.
    await save({ key: 'always', slaSeconds: HOUR });
    const other = await service.do<any>(
      key,
      `mutation { a: flagOutput(input: { externalId: "own", queue: "kolkata", source: "s", input: 1, output: 2,
                    dueAt: "2100-01-01T00:00:00Z" }) { item { dueAt } }
                  b: flagOutput(input: { externalId: "plain", queue: "always", source: "s", input: 1, output: 2 }) {
                    item { createdAt dueAt timeLeft { seconds } queue { opening { isOpen } } } } }`,
    );
    expect(other.a.item.dueAt).toBe('2100-01-01T00:00:00.000Z');
    expect(Date.parse(other.b.item.dueAt) - Date.parse(other.b.item.createdAt)).toBe(HOUR * 1_000);
    expect(other.b.item.timeLeft.seconds).toBeGreaterThan(HOUR - 60);
    expect(other.b.item.queue.opening).toBeNull();
    const { data } = await save({ key: 'kolkata', hours: null });
    expect(data.saveQueue.queue).toEqual({ hours: null, opening: null });
  });

  test.each([
    [
      'no such zone',
      { zone: 'Mars/Olympus', week: { monday: '09:00-17:00' } },
      /hours\.zone: "Mars\/Olympus" is no time zone/,
    ],
    ['an abbreviation', { zone: 'CET', week: { monday: '09:00-17:00' } }, /hours\.zone: "CET" is no time zone/],
    ['an offset', { zone: '+02:00', week: { monday: '09:00-17:00' } }, /hours\.zone/],
    ['no zone', { week: { monday: '09:00-17:00' } }, /hours\.zone: is required/],
    ['no week', { zone: 'Europe/Berlin' }, /hours\.week: is required/],
    ['an empty week', { zone: 'Europe/Berlin', week: {} }, /hours\.week: has no shifts/],
    ['a week of empty days', { zone: 'Europe/Berlin', week: { monday: [] } }, /hours\.week: has no shifts/],
    [
      'shifts that overlap',
      { zone: 'Europe/Berlin', week: { monday: ['09:00-12:00', '11:59-17:00'] } },
      /09:00-12:00 and monday 11:59-17:00 overlap/,
    ],
    [
      'a night that runs into a morning',
      { zone: 'Europe/Berlin', week: { monday: ['22:00-06:00'], tuesday: ['05:00-06:00'] } },
      /monday 22:00-06:00 and tuesday 05:00-06:00 overlap/,
    ],
    [
      'a Sunday night that runs into Monday',
      { zone: 'Europe/Berlin', week: { sunday: ['22:00-06:00'], monday: ['00:00-01:00'] } },
      /sunday 22:00-06:00 and monday 00:00-01:00 overlap/,
    ],
    ['the same shift twice', { zone: 'Europe/Berlin', week: { monday: ['09:00-10:00', '09:00-10:00'] } }, /overlap/],
    [
      'a day that is none',
      { zone: 'Europe/Berlin', week: { mon: ['09:00-10:00'] } },
      /hours\.week\.mon: is not known here/,
    ],
    [
      'a time that is none',
      { zone: 'Europe/Berlin', week: { monday: ['9-17'] } },
      /hours\.week\.monday\[0\]: must be like 09:00-17:00/,
    ],
    [
      'an hour after midnight',
      { zone: 'Europe/Berlin', week: { monday: ['20:00-24:30'] } },
      /must be like 09:00-17:00/,
    ],
    [
      'a holiday that is no date',
      { zone: 'Europe/Berlin', week: { monday: ['09:00-10:00'] }, holidays: ['2026-02-30'] },
      /hours\.holidays\[0\]: must be a date/,
    ],
    ['text', 'nine to five', /hours: must be a mapping/],
  ])('are refused with %s, and nothing is changed', async (_, value, message) => {
    const { errors } = await save({ key: 'refused', hours: value });
    expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    expect(errors?.[0]?.message).toMatch(message);
    expect(await service.sql(`SELECT FROM queue WHERE key = 'refused'`)).toEqual([]);
  });

  test('are refused when a deadline would take years of them', async () => {
    const { errors } = await save({
      key: 'refused',
      slaSeconds: 31_536_000,
      hours: { zone: 'Europe/Berlin', week: { monday: ['09:00-10:00'] } },
    });
    expect(errors?.[0]?.message).toMatch(
      /slaSeconds: is more than 400 weeks of these hours have: at most 1440000 seconds/,
    );
  });
});
