import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Refusal } from '../src/errors.js';
import { decodeCursor, encodeCursor } from '../src/log/cursor.js';

const project = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const seq = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function refusal(action: () => unknown): Refusal {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('not refused');
}

test('a cursor comes back as the place it was made from', () => {
  fc.assert(fc.property(project, seq, (p, s) => decodeCursor(p, encodeCursor(p, s)) === s));
});

test('a cursor of another project is refused', () => {
  const { code, message } = refusal(() => decodeCursor(2, encodeCursor(1, 7)));
  expect([code, message]).toEqual(['INVALID_INPUT', 'This cursor belongs to the log of another project.']);
});

test('anything that is not exactly a cursor is refused, also one with a single character changed', () => {
  const cursor = encodeCursor(1, 7);
  const garbage = ['', '7', 'null', ' ', `${cursor}=`, ` ${cursor}`, `${cursor}\n`, cursor.slice(1), cursor + cursor];
  for (const text of garbage) expect(refusal(() => decodeCursor(1, text)).code, text).toBe('INVALID_INPUT');
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.constantFrom(...'abcXYZ019-_+/ é'), (at, char) => {
      const changed = cursor.slice(0, at) + char + cursor.slice(at + 1);
      fc.pre(changed !== cursor);
      return refusal(() => decodeCursor(1, changed)).code === 'INVALID_INPUT';
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => refusal(() => decodeCursor(1, text)).code === 'INVALID_INPUT'));
});
