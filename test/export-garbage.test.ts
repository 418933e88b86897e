import { constants, PerformanceObserver } from 'node:perf_hooks';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { leaveGarbage } from '../src/database/young-garbage.js';

/** Collections that somebody asked for; V8's own are none of our doing. */
let minor = 0;
let major = 0;
const observer = new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries() as unknown as { detail: { kind: number; flags: number } }[]) {
    if ((detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) === 0) continue;
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) minor += 1;
    else major += 1;
  }
});
beforeAll(() => observer.observe({ entryTypes: ['gc'] }));
afterAll(() => observer.disconnect());

const MEGABYTE = 1024 * 1024;

test('the young generation is collected once for every 8 MB of dead buffers, and nothing else is', async () => {
  // Whatever exports left in this process before.
  leaveGarbage(8 * MEGABYTE);
  await expect.poll(() => minor).toBeGreaterThan(0);
  const [before, majorBefore] = [minor, major];
  for (let i = 0; i < 16; i += 1) leaveGarbage(MEGABYTE);
  await expect.poll(() => minor - before).toBe(2);
  for (let i = 0; i < 15; i += 1) leaveGarbage(MEGABYTE);
  await expect.poll(() => minor - before).toBe(3);
  leaveGarbage(MEGABYTE);
  await expect.poll(() => minor - before).toBe(4);
  expect(major).toBe(majorBefore);
  // What makes it possible is not left open for everybody.
  expect(globalThis.gc).toBeUndefined();
});
