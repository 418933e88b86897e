import type { RubricField } from './rubric.js';

/** The text of an output that a SPANS field is about; null where this output has none there. */
export function targetText({ target = '' }: RubricField, output: unknown): string | null {
  let at = output;
  for (const step of target.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return null;
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    // Not what every list has: RFC 6901 knows digits only, without a leading zero.
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(key)) return null;
    if (!Object.hasOwn(at, key)) return null;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'string' ? at : null;
}

/** Code points, so that a character beyond the first 65,536 is one and not two. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
