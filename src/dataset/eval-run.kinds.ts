import { registerEnumType } from '@nestjs/graphql';

export enum EvalOutcome {
  PASSED = 'PASSED',
  FAILED = 'FAILED',
  INCOMPLETE = 'INCOMPLETE',
}
registerEnumType(EvalOutcome, {
  name: 'EvalOutcome',
  valuesMap: {
    PASSED: { description: 'Tried, and right. Of a run: complete, and enough passed.' },
    FAILED: { description: 'Tried, and wrong. Of a run: complete, and too few passed.' },
    INCOMPLETE: { description: 'Not tried as it must be, which says nothing about the application.' },
  },
});
