import { afterAll, beforeAll, expect, test } from 'vitest';

import { encodeCursor } from '../src/log/cursor.js';
import { LogReader } from '../src/log/reader.js';
import { LogRetention } from '../src/log/retention.js';
import { Sequencer } from '../src/log/sequencer.js';
import { logEvents, openStream, range, take } from './support/log.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startService();
  other = await startService({ on: service });
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

const sequence = () => service.app.get(Sequencer).runOnce();
async function head(): Promise<number> {
  await sequence();
  const [row] = await service.sql<any>(`SELECT coalesce(max(seq), 0)::int AS seq FROM event WHERE project_id = $1`, [
    service.projectId,
  ]);
  return row.seq;
}

test('without a cursor a stream starts at the present', async () => {
  await logEvents(service, 10);
  const start = await head();
  const stream = openStream(service, null);
  await stream.opened;
  await logEvents(service, 3);
  expect(await take(stream, 3)).toEqual(range(start + 1, start + 3));
  await stream.return();
});

test('a stream that is cut off anywhere and resumed sees every event once, in order, on whichever instance', async () => {
  const start = await head();
  const writing = (async () => {
    for (let n = 0; n < 60; n += 1) await logEvents(service, 50);
  })();
  const seen: number[] = [];
  for (let n = 0; seen.length < 3_000; n += 1) {
    const stream = openStream(n % 2 === 0 ? service : other, seen.at(-1) ?? start);
    seen.push(...(await take(stream, Math.min(1 + Math.floor(Math.random() * 200), 3_000 - seen.length))));
    await stream.return();
  }
  await writing;
  expect(seen).toEqual(range(start + 1, start + 3_000));
});

test('a stream delivers only the kinds and events that it asked for, in replay and live', async () => {
  const start = await head();
  const reader = service.app.get(LogReader);
  const options = { projectId: service.projectId, after: start, kinds: ['ODD'] };
  const stream = reader.stream({ ...options, matches: ({ data }) => Number(data.n) > 2 });
  await logEvents(service, 700, 'EVEN');
  await logEvents(service, 3, 'ODD');
  const { value } = await stream.next();
  expect([value.kind, value.data]).toEqual(['ODD', { n: 3 }]);
  const late = reader.stream({ ...options, matches: ({ data }) => Number(data.n) > 2 });
  expect((await late.next()).value.seq).toBe(value.seq);
  await late.return();
  await stream.return();
});

test('a reader that stands still costs nothing: it catches up from the database, the others are not held up', async () => {
  const start = await head();
  const stalled = openStream(service, start);
  const brisk = openStream(service, start);
  await logEvents(service, 1);
  expect(await take(stalled, 1)).toEqual([start + 1]);
  for (let n = 0; n < 20; n += 1) await logEvents(service, 1_000);
  expect(await take(brisk, 20_001)).toEqual(range(start + 1, start + 20_001));
  // One shared window and one page of replay are all that is in memory, not 20,000 events for each stream.
  const [tailer] = [...(service.app.get(LogReader) as any).tailers.values()];
  expect(tailer.window.length).toBeLessThanOrEqual(1_024);
  expect((stalled as any).page.length).toBeLessThanOrEqual(500);
  expect(await take(stalled, 20_000)).toEqual(range(start + 2, start + 20_001));
  await stalled.return();
  await brisk.return();
});

test('return and the signal end a stream that waits, and free what it held', async () => {
  const start = await head();
  const tailers: Map<number, unknown> = (service.app.get(LogReader) as any).tailers;
  const aborting = new AbortController();
  const options = { projectId: service.projectId, after: start, kinds: [], signal: aborting.signal };
  const one = service.app.get(LogReader).stream(options);
  const two = openStream(service, start);
  const waiting = [one.next(), two.next()];
  await Promise.all([one.opened, two.opened]);
  expect(tailers.size).toBe(1);
  aborting.abort();
  await two.return();
  expect(await Promise.all(waiting)).toEqual([
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
  expect(tailers.size).toBe(0);
  expect(await service.app.get(LogReader).stream(options).next()).toEqual({ done: true, value: undefined });
});

test('a cursor of the future is refused, one that retention passed is CURSOR_EXPIRED, never a silent hole', async () => {
  const end = await head();
  await expect(openStream(service, end + 1).opened).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await service.sql(`UPDATE event SET at = now() - interval '40 days' WHERE project_id = $1 AND seq <= $2`, [
    service.projectId,
    end - 3,
  ]);
  const standing = openStream(service, 0);
  await standing.next();

  expect(await service.app.get(LogRetention).runOnce(30)).toBe(end - 3);
  expect(await service.sql(`SELECT oldest_seq::int FROM log_head`)).toEqual([{ oldest_seq: end - 2 }]);
  expect(await service.app.get(LogRetention).runOnce(30)).toBe(0);

  await expect(openStream(service, end - 4).next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  await expect(take(standing, end)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  const stream = openStream(service, end - 3);
  expect(await take(stream, 3)).toEqual(range(end - 2, end));
  await stream.return();
  expect(encodeCursor(service.projectId, end)).toMatch(/^[\w-]{24}$/);
});

test('retention waits for a downstream reader, and the chain is good from the oldest kept event', async () => {
  const start = await head();
  await logEvents(service, 10);
  const end = await head();
  await service.sql(`UPDATE event SET at = now() - interval '40 days' WHERE seq <= $1`, [end]);
  await service.sql(`INSERT INTO log_reader VALUES ($1, 'slow', $2)`, [service.projectId, start + 4]);
  // The service's own readers may still be on their way; retention waits for them as well.
  const oldest = async () => {
    await service.app.get(LogRetention).runOnce(30);
    return (await service.sql(`SELECT min(seq)::int AS oldest FROM event`))[0]!.oldest;
  };
  await expect.poll(oldest).toBe(start + 5);
  await service.sql(`DELETE FROM log_reader WHERE name = 'slow'`);
  await expect.poll(oldest).toBe(null);
  await logEvents(service, 2);
  expect(await head()).toBe(end + 2);
});
