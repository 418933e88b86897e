/**
 * Signals that the flagging side can compute from the text alone. They are cheap hints for a policy, not judgements:
 * each says in its description what it measures, and none of them knows whether the output is true.
 *
 * Words are runs of letters and digits, lower-cased. A text that is JSON counts as all the strings in it.
 */
export interface TextPair {
  readonly input: string;
  readonly output: string;
}

export interface BuiltinSignal {
  readonly description: string;
  measure(texts: TextPair): number;
}

export const builtinSignals: Readonly<Record<string, BuiltinSignal>> = {
  output_words: {
    description: 'words of the output',
    measure: ({ output }) => wordsOf(output).length,
  },
  length_ratio: {
    description: 'words of the output for each word of the input',
    measure: ({ input, output }) => wordsOf(output).length / Math.max(1, wordsOf(input).length),
  },
  hedging: {
    description: 'hedges ("might", "probably", "I think") in 100 words of the output',
    measure: ({ output }) => rate(count(output, HEDGES), output),
  },
  refusal: {
    description: '1 when the output declines ("I cannot", "as an AI"), otherwise 0',
    measure: ({ output }) => (REFUSALS.test(output) ? 1 : 0),
  },
  numbers: {
    description: 'numbers in 100 words of the output: what is easily invented',
    measure: ({ output }) => rate(count(output, NUMBERS), output),
  },
  overlap: {
    description: "share, 0 to 1, of the output's distinct longer words (4 letters and more) that the input has too",
    measure: overlap,
  },
  repetition: {
    description: "share, 0 to 1, of the output's three-word sequences that occurred in it before",
    measure: ({ output }) => repetition(wordsOf(output)),
  },
};

const HEDGES =
  /\b(?:may|might|could|possibly|perhaps|probably|likely|unclear|uncertain|seems?|appears?|apparently|generally|typically|usually|approximately|about|roughly|i (?:think|believe|guess|am not sure)|not sure|it depends)\b/gi;
const REFUSALS =
  /\b(?:i(?:'m| am) (?:sorry|unable)|i (?:cannot|can't|can not|do not have|don't have)|as an ai|unfortunately, (?:i|as))\b/i;
const NUMBERS = /\p{Nd}[\p{Nd}.,]*/gu;
const LONGER = 4;

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textOf).filter(Boolean).join('\n');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function rate(found: number, text: string): number {
  return (100 * found) / Math.max(1, wordsOf(text).length);
}

function overlap({ input, output }: TextPair): number {
  const asked = new Set(wordsOf(input));
  const said = [...new Set(wordsOf(output).filter((word) => word.length >= LONGER))];
  return said.length === 0 ? 0 : said.filter((word) => asked.has(word)).length / said.length;
}

function repetition(words: readonly string[]): number {
  const sequences = words.slice(2).map((_, i) => words.slice(i, i + 3).join(' '));
  return sequences.length === 0 ? 0 : 1 - new Set(sequences).size / sequences.length;
}
