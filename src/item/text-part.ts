import { registerEnumType } from '@nestjs/graphql';

export enum TextPart {
  NAMES = 'NAMES',
  INPUT = 'INPUT',
  OUTPUT = 'OUTPUT',
  CONTEXT = 'CONTEXT',
  METADATA = 'METADATA',
  REVIEWS = 'REVIEWS',
}
registerEnumType(TextPart, {
  name: 'TextPart',
  description: 'A part of an item in which texts are looked for.',
  valuesMap: {
    NAMES: { description: 'Its ids, source, model, prompt and tags.' },
    REVIEWS: { description: 'What reviewers wrote or made of it, and the name of its author.' },
  },
});
