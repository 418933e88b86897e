import { Field, ID, ObjectType } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { PageInfo } from '../graphql/page-info.js';

@ObjectType({ description: 'One event of the log about an item: who did what, and when.' })
@AllowInherited()
export class ItemHistoryEvent {
  @Field(() => String, { description: 'As the log names it: ITEM_FLAGGED, ASSIGNMENT_CLAIMED, REVIEW_SUBMITTED, …' })
  kind: string;

  @Field(() => DateTimeScalar)
  at: Date;

  @Field(() => String, { description: '`member:<id>`, `key:<key id>` or `system`.' })
  actor: string;

  @Field(() => String, { nullable: true, description: 'What the member or the key is called now; null for `system`.' })
  actorName: string | null;

  @Field(() => ID, { nullable: true, description: 'Whom it concerns: who holds, reviews or skips the item.' })
  memberId: string | null;

  @Field(() => String, { nullable: true })
  memberName: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the queue that it happened in.' })
  queueName: string | null;

  @Field(() => JsonScalar, {
    description:
      'What the log holds of it: ids and small facts. To somebody who holds the item for review, not what others said.',
  })
  data: Record<string, unknown>;
}

@ObjectType()
@AllowInherited()
export class ItemHistoryEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => ItemHistoryEvent)
  node: ItemHistoryEvent;
}

@ObjectType()
@AllowInherited()
export class ItemHistoryConnection {
  @Field(() => [ItemHistoryEdge])
  edges: ItemHistoryEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;

  @Field(() => Boolean, {
    description: 'False: the log is no longer kept so far back, and the beginning may be missing.',
  })
  isComplete: boolean;
}
