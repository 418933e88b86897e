import type { Json } from '../../src/dataset/content.js';
import type { StoredCase } from '../../src/dataset/formats/format.js';
import { hostile } from '../contract/hostile.mjs';
import { caseWith } from './format-cases.js';

const splits = ['train', 'validation', 'test'];

/** Every hostile text as a text, in a message and in a value with it as a key, for question, answer, context and tag. */
export function hostileCases(firstNumber: number): StoredCase[] {
  const shapes: ((text: string) => Json)[] = [
    (text) => text,
    (text) => [{ role: 'user', content: text }],
    (text) => ({ [text || 'empty']: [text], $ref: text }),
  ];
  return [...hostile.values()].flatMap((text, i) =>
    shapes.flatMap((shape, j) => {
      const number = firstNumber + 3 * (i * shapes.length + j);
      const split = splits[i % 3];
      return [
        caseWith(
          number,
          { input: shape(text), output: shape(text), expected: shape(text), context: [shape(text)], tags: [text] },
          { split },
        ),
        // What formats that know text only can say.
        caseWith(number + 1, { input: shape(text), output: text, expected: `${text}!` }, { split }),
        caseWith(number + 2, { input: shape(text), output: text }, { split }),
      ];
    }),
  );
}
