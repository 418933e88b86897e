/** A stretch of a text, in Unicode code points from 0; `end` is behind the last. */
export interface Span {
  start: number;
  end: number;
  label: string;
}

export function spansOf(value: unknown): Span[] {
  return Array.isArray(value) ? (value as Span[]) : [];
}

/** Code points before a place in UTF-16, as browsers count. */
export function pointsBefore(text: string, index: number): number {
  let points = 0;
  for (let at = 0; at < index; points += 1) at += sizeAt(text, at);
  return points;
}

/** For each of these numbers of code points, ascending, the place in UTF-16. */
export function indexesOf(text: string, points: number[]): Map<number, number> {
  const indexes = new Map<number, number>();
  let at = 0;
  let passed = 0;
  for (const point of points.toSorted((a, b) => a - b)) {
    for (; passed < point && at < text.length; passed += 1) at += sizeAt(text, at);
    indexes.set(point, at);
  }
  return indexes;
}

function sizeAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** The stretch between two places in UTF-16, without spaces at its ends and never through a character. Null if empty. */
export function stretch(text: string, from: number, to: number): { start: number; end: number } | null {
  let [first, last] = from < to ? [from, to] : [to, from];
  while (first < last && /\s/.test(text[first]!)) first += 1;
  while (last > first && /\s/.test(text[last - 1]!)) last -= 1;
  if (isInside(text, first)) first -= 1;
  if (isInside(text, last)) last += 1;
  if (first >= last) return null;
  const start = pointsBefore(text, first);
  return { start, end: start + pointsBefore(text.slice(first, last), last - first) };
}

function isInside(text: string, at: number): boolean {
  return at > 0 && text.codePointAt(at - 1)! > 0xffff;
}

/** The marks with one more, in the order of the text; or a sentence that says why not. */
export function withSpan(spans: Span[], added: Span, rule: { overlap?: boolean; maxSpans?: number }): Span[] | string {
  const isSame = (one: Span) => one.start === added.start && one.end === added.end && one.label === added.label;
  // The same again takes it away.
  if (spans.some(isSame)) return spans.filter((one) => !isSame(one));
  const kept = rule.overlap ? spans : spans.filter((one) => one.start !== added.start || one.end !== added.end);
  if (!rule.overlap && kept.some((one) => one.start < added.end && added.start < one.end)) {
    return 'Marks must not overlap here. Remove the other one first.';
  }
  if (kept.length >= (rule.maxSpans ?? Number.POSITIVE_INFINITY)) return `At most ${rule.maxSpans} can be marked.`;
  return [...kept, added].toSorted((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1));
}
