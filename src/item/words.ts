/** A word of a text as a search compares it, and where it stands there, in UTF-16 code units. */
export interface Word {
  /** In lower case and one Unicode form. Where the script puts no spaces between words: two letters, or the last one. */
  readonly word: string;
  /** The last letter of a stretch without spaces: a text ends it there, but what is looked for may stand further in. */
  readonly isLast: boolean;
  readonly start: number;
  readonly end: number;
}

/** Longer words are known by their beginning. */
const MOST_LETTERS = 40;
/** Scripts without spaces between words, and Hangul, which ties its particles to them. */
const UNSPACED = ['Han', 'Hiragana', 'Katakana', 'Bopomofo', 'Hangul', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const LETTER = '\\p{L}\\p{M}\\p{N}';
/** What nobody sees (zero width, soft hyphens) parts no word: the eye does not see two there either. */
const STRETCH = new RegExp(`[${LETTER}][${LETTER}\\p{Default_Ignorable_Code_Point}]*`, 'gu');
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const PLAIN = /[A-Za-z0-9]+/g;
const IS_PLAIN = /^[A-Za-z0-9]+$/;
const PART = new RegExp(`(?<unspaced>(?:(?=[${LETTER}])[${UNSPACED}])+)|(?:(?![${UNSPACED}])[${LETTER}])+`, 'gu');

/**
 * The words of a text in order, at most so many. Case, punctuation and width do not count, accents do, and nothing is
 * stemmed, because a text may be in any language. In scripts without spaces every two neighbours are a word and so is the
 * last letter: then whatever stretch somebody looks for is found, without a dictionary.
 *
 * The words are part of what is stored: another way of cutting needs a migration that has all items read again.
 */
export function wordsOf(text: string, most = Infinity): Word[] {
  const words: Word[] = [];
  // Several times as fast, and most texts are so.
  const isAscii = Buffer.byteLength(text) === text.length;
  const pattern = new RegExp(isAscii ? PLAIN : STRETCH);
  for (let match = pattern.exec(text); match && words.length < most; match = pattern.exec(text)) {
    const found = match[0];
    const start = match.index;
    if (isAscii || IS_PLAIN.test(found)) {
      const word = found.slice(0, MOST_LETTERS).toLowerCase();
      words.push({ word, isLast: false, start, end: start + found.length });
    } else {
      addParts(words, found, start, most);
    }
  }
  return words;
}

function addParts(words: Word[], found: string, start: number, most: number): void {
  const place = { start, end: start + found.length };
  const written = found.replace(UNSEEN, '').normalize('NFKC').toLowerCase();
  // Where the two forms differ in length, the place is that of all of it.
  const isSame = written.length === found.length;
  for (const { 0: part, index, groups } of written.matchAll(PART)) {
    const at = isSame ? { start: start + index, end: start + index + part.length } : place;
    if (groups?.unspaced === undefined) words.push({ word: beginningOf(part), isLast: false, ...at });
    else addPairs(words, part, { ...at, isSame, most });
  }
}

function beginningOf(word: string): string {
  return word.length <= MOST_LETTERS ? word : [...word].slice(0, MOST_LETTERS).join('');
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly isSame: boolean;
  readonly most: number;
}

function addPairs(words: Word[], part: string, { start, end, isSame, most }: Stretch): void {
  let before = '';
  let at = start;
  const add = (word: string, isLast: boolean) => {
    words.push({
      word,
      isLast,
      ...(isSame ? { start: at - before.length, end: at - before.length + word.length } : { start, end }),
    });
  };
  for (const letter of part) {
    if (before !== '') add(before + letter, false);
    if (words.length >= most) return;
    before = letter;
    at += letter.length;
  }
  add(before, true);
}
