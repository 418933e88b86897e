import { Field, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { ReviewItem } from './item.entity.js';
import type { ItemFilter } from './item.input.js';
import { PageInfo } from '../graphql/page-info.js';

@ObjectType()
@AllowInherited()
export class ReviewItemEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => ReviewItem)
  node: ReviewItem;

  /** What was looked for in its texts. */
  text: string | null;
}

@ObjectType()
@AllowInherited()
export class ReviewItemConnection {
  @Field(() => [ReviewItemEdge])
  edges: ReviewItemEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;

  /** What `totalCount` counts, when somebody asks. */
  filter: ItemFilter;
}
