import { registerEnumType } from '@nestjs/graphql';

/** What a person says of an output. */
export enum Verdict {
  CONFIRMED = 'CONFIRMED',
  CORRECTED = 'CORRECTED',
  REJECTED = 'REJECTED',
}
registerEnumType(Verdict, {
  name: 'Verdict',
  description: 'What a person says of an output.',
  valuesMap: {
    CONFIRMED: { description: 'It is right as it stands.' },
    CORRECTED: { description: 'It should have been something else, which the review gives.' },
    REJECTED: { description: 'It should not have been given at all; a correction may be added.' },
  },
});
