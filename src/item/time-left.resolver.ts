import { Float, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { ReviewItem } from './item.entity.js';

const TIME_LEFT = {
  name: 'item-time-left',
  text: `
    SELECT CASE WHEN q.hours IS NULL THEN extract(epoch FROM i.due_at - now())::float8
                ELSE open_seconds(q.hours, now(), i.due_at) END AS seconds
      FROM item i JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
     WHERE i.project_id = $1 AND i.id = $2`,
};

@Resolver(() => ReviewItem)
export class TimeLeftResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Float, {
    nullable: true,
    description:
      "Seconds until dueAt, by the database's clock and in the queue's opening time; negative when overdue, null " +
      'without a deadline.',
  })
  @AllowInherited()
  async timeLeftSeconds(@Parent() item: ReviewItem): Promise<number | null> {
    if (!item.dueAt) return null;
    const [row] = await this.database.query<{ seconds: number | null }>(TIME_LEFT, [item.projectId, item.id]);
    return row?.seconds ?? null;
  }
}
