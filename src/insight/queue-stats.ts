import { Field, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

@ObjectType({
  description:
    'How a queue stands. The counts follow the log, which is behind the last change by some hundredths of a second; ' +
    '`overdue` and `oldestOpenAt` are read as it is asked.',
})
@AllowInherited()
export class QueueStats {
  projectId: number;
  queueId: string;

  @Field(() => Int, { description: 'Items that still need a review, those in review included.' })
  open: number;

  @Field(() => Int, { description: 'Review slots that somebody holds a lease on.' })
  leased: number;

  @Field(() => Int, { description: 'Items whose reviews disagree and that wait for a decision.' })
  needsAdjudication: number;

  @Field(() => Int, { description: 'Items that have their final answer.' })
  resolved: number;

  @Field(() => Int, { description: 'Items past their deadline without a final answer.' })
  overdue: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the oldest item that waits for its final answer arrived; null when none waits.',
  })
  oldestOpenAt: Date | null;
}
