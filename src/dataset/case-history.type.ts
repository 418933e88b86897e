import { Field, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

@ObjectType({ description: 'One state of a case. Revisions are never changed.' })
@AllowInherited()
export class CaseRevision {
  @Field(() => Int, { description: 'From 1.' })
  revision: number;

  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Field(() => Boolean, {
    description: 'The case was taken back: its item is withdrawn, or its answer contradicts another.',
  })
  isRetracted: boolean;
}
