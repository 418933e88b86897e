import { Field, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { Review } from './review.entity.js';

@ObjectType()
@AllowInherited()
export class SubmitReviewPayload {
  @Field(() => Review)
  review: Review;

  @Field(() => ReviewItem)
  item: ReviewItem;
}

@ObjectType()
@AllowInherited()
export class AdjudicatePayload {
  @Field(() => ReviewItem)
  item: ReviewItem;
}

@ObjectType({ description: 'A review was submitted or revised.' })
@AllowInherited()
export class ReviewEvent {
  @Field(() => CursorScalar, { description: 'Pass it as `after` to go on behind this event.' })
  cursor: string;

  @Field(() => Review)
  review: Review;
}
