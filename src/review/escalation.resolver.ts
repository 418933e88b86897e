import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { Member } from '../access/member.entity.js';
import { Role } from '../access/viewer.js';
import { escalationsSql } from '../assignment/escalate.sql.js';
import { Escalation } from '../assignment/escalation.entity.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { ReviewQueries } from './review.queries.js';

/** Why an item was left to somebody more senior: for those who decide it, and for who wrote it. */
@Resolver(() => ReviewItem)
export class ItemEscalationResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => [Escalation], {
    description:
      'Why it was left to somebody more senior, the oldest first. A reviewer sees what they wrote themselves.',
  })
  @AllowInherited()
  escalations(@Parent() { projectId, id }: ReviewItem, @Context() context: RequestContext): Promise<Escalation[]> {
    const { member } = context.viewer ?? {};
    const onlyOf = member?.role === Role.REVIEWER ? member.id : null;
    const loader = loaderOf(context, `escalations:${projectId}`, () => {
      const load = async (ids: readonly string[]) => {
        const found = await this.database.query<Escalation & object>(escalationsSql, [projectId, ids, onlyOf]);
        return ids.map((itemId) => found.filter((one) => one.itemId === itemId));
      };
      return new DataLoader<string, Escalation[]>(load, { cache: false, maxBatchSize: 200 });
    });
    return loader.load(id);
  }
}

@Resolver(() => Escalation)
export class EscalationResolver {
  constructor(private readonly reviews: ReviewQueries) {}

  @ResolveField(() => Member, { description: 'Who left it to others.' })
  @AllowInherited()
  by(@Parent() escalation: Escalation, @Context() context: RequestContext): Promise<Member> {
    return this.reviews.member(context, escalation.projectId, escalation.memberId);
  }
}
