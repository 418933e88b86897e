import { registerEnumType } from '@nestjs/graphql';

/** What becomes of a flagged output: a person looks at it, or it passes and only what the policy saw is kept. */
export enum IntakeDecision {
  REVIEW = 'REVIEW',
  PASS = 'PASS',
}
registerEnumType(IntakeDecision, { name: 'IntakeDecision' });
