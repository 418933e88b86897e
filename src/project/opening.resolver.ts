import { Context, Field, ObjectType, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AllowInherited } from '../access/allow.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { Queue } from './queue.entity.js';

@ObjectType({ description: 'Whether the people of a queue work now, by its hours.' })
@AllowInherited()
export class QueueOpening {
  @Field(() => Boolean)
  isOpen: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it closes or opens next; null if it never does.' })
  changesAt: Date | null;
}

interface OpeningRow {
  id: string;
  is_open: boolean;
  changes_at: Date | null;
}

const OPENINGS = {
  name: 'queue-openings',
  text: `
    SELECT q.id, o.is_open, o.changes_at FROM queue q CROSS JOIN LATERAL opening_at(q.hours, now()) o
     WHERE q.project_id = $1 AND q.id = ANY ($2::uuid[]) AND q.hours IS NOT NULL`,
};

@Resolver(() => Queue)
export class OpeningResolver {
  constructor(private readonly database: Database) {}

  @ResolveField(() => QueueOpening, { nullable: true, description: 'Null for a queue without hours: always open.' })
  @AllowInherited()
  async opening(@Parent() queue: Queue, @Context() context: RequestContext): Promise<QueueOpening | null> {
    if (!queue.hours) return null;
    return loaderOf(context, 'QueueOpening', () => this.loader(queue.projectId)).load(queue.id);
  }

  /** Remembers nothing: in a subscription the operation lives as long as the stream. */
  private loader(projectId: number): DataLoader<string, QueueOpening | null> {
    const read = async (queueIds: readonly string[]) => {
      const rows = await this.database.query<OpeningRow>(OPENINGS, [projectId, queueIds]);
      const byId = new Map(rows.map((row) => [row.id, { isOpen: row.is_open, changesAt: row.changes_at }]));
      return queueIds.map((id) => byId.get(id) ?? null);
    };
    return new DataLoader(read, { cache: false });
  }
}
