import { type ItemTexts, PARTS } from './item-text.lexemes.js';
import type { Search, Term } from './search.js';
import type { TextPart } from './text-part.js';
import { type Word, wordsOf } from './words.js';

/** Where a text stands that was looked for: what is before it, itself, and what follows, as written. */
export interface Excerpt {
  readonly part: TextPart;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

const BEFORE = 60;
const AFTER = 100;

/** The first place of what is looked for, best in what was answered or asked; null where the item has changed since. */
export function excerptOf(texts: ItemTexts, { wanted }: Search, isReviewer: boolean): Excerpt | null {
  const parts = PARTS.filter(({ weight }) => !isReviewer || weight !== 'D');
  for (const { part, mostWords, texts: read } of parts) {
    for (const text of read(texts)) {
      const words = wordsOf(text, mostWords);
      const found = wanted.map((term) => placeOf(term, words)).find((place) => place !== null);
      if (found) return { part, ...cut(text, found) };
    }
  }
  return null;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function placeOf(term: Term, words: readonly Word[]): Place | null {
  const [first] = term;
  if (!first) return null;
  for (const [n, { start }] of words.entries()) {
    const found = term.map((sought) => ({ sought, word: words[n + sought.place - first.place] }));
    const isHere = found.every(({ sought, word }) =>
      sought.isBeginning ? word?.word.startsWith(sought.word) : word?.word === sought.word,
    );
    if (!isHere) continue;
    const last = found.at(-1);
    if (!last?.word) continue;
    // Of two letters of which only the first was looked for, only that.
    const isHalf = last.sought.isBeginning && [...last.sought.word].length === 1;
    return { start, end: isHalf ? last.word.start + last.sought.word.length : last.word.end };
  }
  return null;
}

function cut(text: string, { start, end }: Place): Omit<Excerpt, 'part'> {
  const from = Math.max(0, start - BEFORE);
  const to = Math.min(text.length, end + AFTER);
  return {
    before: `${from > 0 ? '…' : ''}${text.slice(from, start).replace(/^[\uDC00-\uDFFF]/, '')}`,
    match: text.slice(start, end),
    after: `${text.slice(end, to).replace(/[\uD800-\uDBFF]$/, '')}${to < text.length ? '…' : ''}`,
  };
}
