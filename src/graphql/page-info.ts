import { Field, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from './cursor.scalar.js';

@ObjectType({ description: 'Where a page of a list ends, and whether more follows.' })
@AllowInherited()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => CursorScalar, { nullable: true })
  endCursor: string | null;
}
