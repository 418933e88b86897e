import { Refusal } from '../errors.js';
import { type Word, wordsOf } from './words.js';

/** A word of what is looked for: at which place of its term, and whether words that only begin so will do. */
interface Sought {
  readonly word: string;
  readonly place: number;
  readonly isBeginning: boolean;
}

/** One word, or several that have to stand as they do here. */
export type Term = readonly Sought[];

export interface Search {
  /** All of these. */
  readonly wanted: readonly Term[];
  /** None of these. */
  readonly unwanted: readonly Term[];
}

const MOST_WORDS = 50;
const FEWEST_LETTERS = 2;
const TERM = /(?<minus>-?)(?:"(?<phrase>[^"]*)(?:"|$)|(?<word>[^\s"]+))/g;

/**
 * What somebody typed: words, all of which must be there; "several as they stand"; begin* for a beginning; -not. What holds
 * several words without a quote, as `reply-1` or 返品, is looked for as it stands. Refused: what has no word to look for.
 */
export function parseSearch(text: string): Search {
  const wanted: Term[] = [];
  const unwanted: Term[] = [];
  for (const { groups } of text.replace(/[“”„«»]/g, '"').matchAll(TERM)) {
    const { minus, phrase, word = '' } = groups ?? {};
    const term = termOf(phrase ?? word, phrase === undefined && word.endsWith('*'));
    if (term.length > 0) (minus ? unwanted : wanted).push(term);
  }
  const count = [...wanted, ...unwanted].reduce((sum, term) => sum + term.length, 0);
  if (count > MOST_WORDS) throw refused(`has ${count} words; at most ${MOST_WORDS} can be looked for`);
  if (wanted.length > 0) return { wanted, unwanted };
  if (unwanted.length > 0) throw refused('only says what is not wanted; give a word to look for, too');
  throw refused('has no letter or digit in it; give words, or several in "quotes"');
}

function termOf(text: string, isBeginning: boolean): Term {
  const words = [...wordsOf(text)];
  // The last letter of a stretch is in the pair before it already.
  const sought = words.flatMap((word, place) => (isSpare(word, words[place - 1]) ? [] : [{ ...word, place }]));
  return sought.map(({ word, isLast, place }, n) => {
    const begins = isLast || (isBeginning && n === sought.length - 1);
    if (begins && !isLast && [...word].length < FEWEST_LETTERS)
      throw refused(`: a beginning needs at least ${FEWEST_LETTERS} letters before the *`);
    return { word, place, isBeginning: begins };
  });
}

function isSpare(word: Word, before: Word | undefined): boolean {
  return word.isLast && before !== undefined && !before.isLast && [...before.word].at(-1) === word.word;
}

function refused(why: string): Refusal {
  return new Refusal('INVALID_INPUT', `text${why.startsWith(':') ? '' : ' '}${why}.`);
}
