/** Characters of a text that are shown. */
const LENGTH = 240;
/** How much stands before the place that is shown. */
const LEAD = 60;

/**
 * Characters that a terminal or a page would act on or hide instead of showing: controls, line separators, zero-width,
 * direction and tag marks, halves of pairs. And `##[`, by which GitHub's log takes commands, and the backslash that
 * escapes begin with.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\]|##(?=\[)/gu;
const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '##': '#\\u0023',
};

/** A stranger's text on one line, safe to print anywhere: whatever cannot be seen is written as an escape. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (found) => SHORT[found] ?? escaped(found.codePointAt(0) ?? 0));
}

function escaped(codePoint: number): string {
  const digits = codePoint.toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}

/** The beginning of a text, quoted. */
export function excerpt(text: string): string {
  return piece(text, 0);
}

/** Two texts around the first place where they differ, so that one letter in a long answer is found. */
export function excerptsOf(expected: string, actual: string): { expected: string; actual: string; at: number | null } {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at += 1;
  if (at < LENGTH - LEAD) return { expected: piece(expected, 0), actual: piece(actual, 0), at: null };
  const from = at - LEAD;
  return { expected: piece(expected, from), actual: piece(actual, from), at };
}

function piece(text: string, from: number): string {
  const part = text.slice(from, from + LENGTH);
  const rest = text.length - from - part.length;
  const before = from > 0 ? '… ' : '';
  return `${before}"${visible(part)}"${rest > 0 ? ` … and ${rest} more characters` : ''}`;
}
