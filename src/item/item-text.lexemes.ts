import { textsIn } from './json-texts.js';
import type { Search, Term } from './search.js';
import { TextPart } from './text-part.js';
import { wordsOf } from './words.js';

/** What is read of one item, each JSON from its beginning. */
export interface ItemTexts {
  readonly itemId: string;
  /** Ids, source, tags. */
  readonly names: readonly string[];
  readonly output: string;
  readonly input: string;
  readonly context: string;
  /** Null where there is none. */
  readonly metadata: string | null;
  /** Comments and notes of reviewers, and who wrote the output. */
  readonly comments: readonly string[];
  /** What reviewers made of it, as JSON. */
  readonly corrections: readonly string[];
}

interface Part {
  readonly part: TextPart;
  /** Postgres' label. D is kept from reviewers, who must not learn what others said. */
  readonly weight: 'A' | 'B' | 'C' | 'D';
  /** A tsvector counts places to 16,383; all together stay below. */
  readonly mostWords: number;
  readonly texts: (of: ItemTexts) => Iterable<string>;
}

/** In the order in which a match is shown. */
export const PARTS: readonly Part[] = [
  { part: TextPart.OUTPUT, weight: 'B', mostWords: 4_000, texts: ({ output }) => textsIn(output) },
  { part: TextPart.INPUT, weight: 'B', mostWords: 4_000, texts: ({ input }) => textsIn(input) },
  { part: TextPart.CONTEXT, weight: 'C', mostWords: 4_000, texts: ({ context }) => textsIn(context) },
  { part: TextPart.METADATA, weight: 'C', mostWords: 1_000, texts: ({ metadata }) => textsIn(metadata ?? '') },
  { part: TextPart.NAMES, weight: 'A', mostWords: 1_000, texts: ({ names }) => names },
  { part: TextPart.REVIEWS, weight: 'D', mostWords: 2_000, texts: saidOf },
];

/** Between two texts, so that no phrase reaches from one into the next. */
const GAP = 2;
/** Of the 1 MiB that a tsvector may have; five more for each word is what it takes at most. */
const MOST_BYTES = 900_000;

function* saidOf({ comments, corrections }: ItemTexts): Generator<string> {
  yield* comments;
  for (const correction of corrections) yield* textsIn(correction);
}

/**
 * The text form of a tsvector. Its lexemes carry the project, so that one index serves all and each is searched alone.
 * They hold letters and digits only, so there is nothing to escape.
 */
export function toVector(projectId: number, texts: ItemTexts): string {
  const lexemes: string[] = [];
  let place = 0;
  let bytes = 0;
  for (const { weight, mostWords, texts: read } of PARTS) {
    const last = place + mostWords;
    for (const text of read(texts)) {
      for (const { word } of wordsOf(text, last - place)) {
        bytes += Buffer.byteLength(word) + 16;
        if (bytes > MOST_BYTES) return lexemes.join(' ');
        place += 1;
        lexemes.push(`'${projectId}:${word}':${place}${weight}`);
      }
      place += GAP;
      if (place >= last) break;
    }
    place = Math.min(place, last) + GAP;
  }
  return lexemes.join(' ');
}

/** The text form of a tsquery. `isReviewer`: not what others said. */
export function toQuery(projectId: number, { wanted, unwanted }: Search, isReviewer: boolean): string {
  const labels = isReviewer ? 'ABC' : '';
  const one = (term: Term): string => {
    const [first, ...others] = term.map(({ word, place, isBeginning }) => {
      const flags = `${isBeginning ? '*' : ''}${labels}`;
      return { place, text: `'${projectId}:${word}'${flags && `:${flags}`}` };
    });
    let before = first?.place ?? 0;
    const rest = others.map(({ place, text }) => {
      const step = ` <${place - before}> ${text}`;
      before = place;
      return step;
    });
    return `(${first?.text}${rest.join('')})`;
  };
  return [...wanted.map(one), ...unwanted.map((term) => `!${one(term)}`)].join(' & ');
}
