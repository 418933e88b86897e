import { valueOf, type Content, type Json } from './content.js';

/** Texts beyond it are compared by their beginning. */
const MOST_CHARACTERS = 50_000;
/** Up to here a text is compared by the letters of its words, beyond by words and pairs of them. */
const SHORT_WORDS = 200;
/** Who asks, not how the application was told to answer: an instruction that all cases share would make them all alike. */
const INSTRUCTING = new Set(['system', 'developer']);
/** Scripts that put no spaces between words: there each character counts as one. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const WORD = new RegExp(`[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, 'gu');

/**
 * What is compared of an input, as a set. Case, white space, punctuation and the order of words do not count.
 *
 * A short text is the trigrams of its words, each word padded as in PostgreSQL's pg_trgm: so other endings and another
 * number change little of it. In a long text trigrams would be those of the language, the same in all texts; there it is
 * the words and each two that follow each other. Known limit: a text of 200 words and one of 201 are not compared.
 */
export function featuresOf(input: Content): ReadonlySet<string> {
  const words = textOf(input).slice(0, MOST_CHARACTERS).normalize('NFKC').toLowerCase().match(WORD) ?? [];
  if (words.length <= SHORT_WORDS) return new Set(words.flatMap(trigrams));
  return new Set([...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)]);
}

function trigrams(word: string): string[] {
  const letters = [' ', ' ', ...word, ' '];
  return letters.slice(2).map((_, i) => letters.slice(i, i + 3).join(''));
}

function textOf(input: Content): string {
  if (input.kind === 'text') return input.text;
  if (input.kind === 'json') return stringsOf(valueOf(input));
  const asked = input.messages.filter(({ role }) => !INSTRUCTING.has(role));
  return (asked.length > 0 ? asked : input.messages).map(({ content }) => content).join('\n');
}

/** Keys are the application's form, values what was asked. */
function stringsOf(value: Json): string {
  if (value === null || typeof value !== 'object') return String(value ?? '');
  return Object.values(value as Readonly<Record<string, Json>>)
    .map(stringsOf)
    .join('\n');
}
