import { Field, ID, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

@ObjectType({
  description: 'Who holds one of an item’s review slots, as a manager sees it: without the lease’s token.',
})
@AllowInherited()
export class LiveAssignment {
  @Field(() => ID, { description: 'What `unassign` asks for.' })
  id: string;

  @Field(() => ID)
  memberId: string;

  @Field(() => String)
  memberName: string;

  @Field(() => DateTimeScalar)
  claimedAt: Date;

  @Field(() => DateTimeScalar)
  leaseExpiresAt: Date;
}
