import { Field, Int, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { ReviewItem } from '../item/item.entity.js';

@ObjectType({
  description:
    'Further items with the input and the expected output of a case. They are no cases of their own, so that a suite ' +
    'asks once; when the case goes with its item, the oldest of them becomes one in its place.',
})
@AllowInherited()
export class CaseDuplicates {
  @Field(() => Int)
  count: number;

  @Field(() => [ReviewItem], { description: 'The oldest of them, as many as asked for.' })
  items: readonly ReviewItem[];
}
