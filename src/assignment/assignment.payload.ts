import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { Assignment } from './assignment.entity.js';

export enum EmptyReason {
  NOTHING_OPEN = 'NOTHING_OPEN',
  ALL_LEASED = 'ALL_LEASED',
  NOT_ELIGIBLE = 'NOT_ELIGIBLE',
  AT_CAPACITY = 'AT_CAPACITY',
  PAUSED = 'PAUSED',
  INTERRUPTED = 'INTERRUPTED',
}
registerEnumType(EmptyReason, {
  name: 'EmptyReason',
  valuesMap: {
    NOTHING_OPEN: { description: 'Nothing waits for a review.' },
    ALL_LEASED: { description: 'All that the reviewer could get is leased; nextAvailableAt says until when.' },
    NOT_ELIGIBLE: {
      description:
        'Something waits, but not for this reviewer: skills are missing, or they hold, reviewed or skipped it.',
    },
    AT_CAPACITY: { description: 'The reviewer holds as many leases as one person may.' },
    PAUSED: {
      description:
        'Something waits, but the reviewer is paused in the queue: too few of their answers were right. A manager lets them go on.',
    },
    INTERRUPTED: {
      description:
        'The service took what is listed and could not look for more: it is overloaded or has lost its database. Ask again. ' +
        'Only with at least one assignment; a claim that took nothing is refused with the error.',
    },
  },
});

@ObjectType()
@AllowInherited()
export class ClaimNextPayload {
  @Field(() => [Assignment], { description: 'The most urgent first. At most as many as asked for.' })
  assignments: Assignment[];

  @Field(() => EmptyReason, { nullable: true, description: 'Why there are fewer than asked for.' })
  emptyReason: EmptyReason | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the next lease runs out, if everything is leased.',
  })
  nextAvailableAt: Date | null;
}

@ObjectType()
@AllowInherited()
export class AssignmentPayload {
  @Field(() => Assignment)
  assignment: Assignment;
}

@ObjectType()
@AllowInherited()
export class AssignmentEvent {
  @Field(() => CursorScalar, { description: 'Pass it as `after` to go on behind this event.' })
  cursor: string;

  @Field(() => Assignment)
  assignment: Assignment;

  @Field(() => Boolean, {
    description: 'The service, or somebody else, has given it to the viewer: they have not claimed it themselves.',
  })
  isGiven: boolean;
}
