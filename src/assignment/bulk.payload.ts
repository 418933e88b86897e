import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { ReviewItem } from '../item/item.entity.js';
import { StayReason } from './stayed.sql.js';

registerEnumType(StayReason, {
  name: 'StayReason',
  description: 'Why an item stayed as it was.',
  valuesMap: {
    NOT_FOUND: { description: 'There is no such item.' },
    RESOLVED: { description: 'It has its final answer.' },
    WITHDRAWN: { description: 'It was taken back before.' },
    NEEDS_ADJUDICATION: { description: 'A manager is to decide it, so no review of it is open.' },
    HELD: { description: 'Somebody holds it.' },
    NOT_HELD: { description: 'Nobody holds it.' },
    REVIEWED: { description: 'A review of it is in.' },
    DONE_BY_MEMBER: { description: 'The member has reviewed or skipped it, or wrote it.' },
    ALREADY_THERE: { description: 'It is in that queue already.' },
    CHANGED_MEANWHILE: { description: 'Somebody changed it at the same moment; the same again may work.' },
  },
});

@ObjectType({ description: 'Items that stayed as they were for one reason.' })
@AllowInherited()
export class StayedItems {
  @Field(() => StayReason)
  reason: StayReason;

  @Field(() => String, { nullable: true, description: 'Who holds them, for HELD; of several, one.' })
  memberName: string | null;

  @Field(() => Int)
  count: number;
}

@ObjectType()
@AllowInherited()
export class BulkPayload {
  @Field(() => Int, { description: 'How many items are meant.' })
  matched: number;

  @Field(() => Int, { description: 'How many were changed; 0 in a dry run.' })
  changed: number;

  @Field(() => Int, {
    description: 'How many were left as they are, such as what somebody holds or what no longer waits.',
  })
  skipped: number;

  @Field(() => [StayedItems], {
    description:
      'Why, read right afterwards, the most frequent first; for HELD one for each holder. Adds up to `skipped`.',
  })
  stayed: StayedItems[];
}

@ObjectType()
@AllowInherited()
export class AssignItemPayload {
  @Field(() => ReviewItem)
  item: ReviewItem;
}
