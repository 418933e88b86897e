import { Field, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { ReviewItem } from '../item/item.entity.js';

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
}

@ObjectType()
@AllowInherited()
export class AssignItemPayload {
  @Field(() => ReviewItem)
  item: ReviewItem;
}
