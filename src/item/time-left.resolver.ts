import { Field, Float, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { ReviewItem } from './item.entity.js';

@ObjectType({ description: 'How long there is until a deadline.' })
@AllowInherited()
export class TimeLeft {
  @Field(() => Float, { description: "In the queue's opening time; negative when overdue." })
  seconds: number;

  @Field(() => DateTimeScalar, { description: "When that was so, by the database's clock." })
  asOf: Date;
}

const TIME_LEFT = {
  name: 'item-time-left',
  text: `
    SELECT now() AS "asOf", CASE WHEN q.hours IS NULL THEN extract(epoch FROM i.due_at - now())::float8
                                 ELSE open_seconds(q.hours, now(), i.due_at) END AS seconds
      FROM item i JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
     WHERE i.project_id = $1 AND i.id = $2 AND i.due_at IS NOT NULL`,
};

@Resolver(() => ReviewItem)
export class TimeLeftResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => TimeLeft, { nullable: true, description: 'Null without a deadline.' })
  @AllowInherited()
  async timeLeft(@Parent() { projectId, id, dueAt }: ReviewItem): Promise<TimeLeft | null> {
    if (!dueAt) return null;
    return (await this.database.query<TimeLeft & Record<string, unknown>>(TIME_LEFT, [projectId, id]))[0] ?? null;
  }
}
