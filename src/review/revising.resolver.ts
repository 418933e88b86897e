import { Context, Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { Review } from './review.entity.js';
import { NotRevisable, type RevisionFacts, whyNotRevisable } from './revise.rule.js';
import { revisingSql } from './revise.sql.js';

@ObjectType({ description: 'Whether its author may revise a review, as it stands now.' })
@AllowInherited()
export class Revising {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null when they may not.' })
  until: Date | null;

  @Field(() => NotRevisable, { nullable: true, description: 'Null while they may.' })
  impossibleBecause: NotRevisable | null;
}

type Row = RevisionFacts & { id: string; until: Date };

@Resolver(() => Review)
export class RevisingResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => Revising, {
    description: 'Until when its author may revise it, or why not; `reviseReview` does it.',
  })
  @AllowInherited()
  revising(@Parent() { projectId, id }: Review, @Context() context: RequestContext): Promise<Revising> {
    return loaderOf(context, 'Review.revising', () => this.loader(projectId)).load(id);
  }

  /** Remembers nothing: in a subscription the operation lives as long as the stream. */
  private loader(projectId: number): DataLoader<string, Revising> {
    const load = async (ids: readonly string[]) => {
      const rows = await this.database.query<Row>({ name: 'revising', text: revisingSql }, [projectId, ids]);
      const byId = new Map(rows.map((row) => [row.id, toRevising(row)]));
      return ids.map((id) => byId.get(id) ?? new Error(`review ${id} is not there`));
    };
    return new DataLoader(load, { cache: false });
  }
}

function toRevising(row: Row): Revising {
  const impossibleBecause = whyNotRevisable(row);
  return { until: impossibleBecause ? null : row.until, impossibleBecause };
}
