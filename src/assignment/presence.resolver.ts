import { Args, Context, Field, Int, ObjectType, Parent, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import DataLoader from 'dataloader';

import { AccessQueries } from '../access/access.queries.js';
import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Member } from '../access/member.entity.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { presentSql } from './presence.sql.js';

const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };
/** A lease that ran out is what makes somebody be away. */
const KINDS = ['REVIEWER_ARRIVED', 'REVIEWER_BACK', 'REVIEWER_LEFT', 'ASSIGNMENT_EXPIRED'];

@ObjectType({ description: 'That somebody is there and takes work as it comes; it ends with their last socket.' })
@AllowInherited()
export class Presence {
  @Field(() => DateTimeScalar)
  since: Date;

  @Field(() => Boolean, {
    description: 'A lease of theirs ran out, so they are given nothing more until they do something.',
  })
  isAway: boolean;

  @Field(() => [String], { nullable: true, description: 'The keys of the queues they take from; null for all.' })
  queues: string[] | null;

  @Field(() => Int, { description: 'Leases up to which they are given more.' })
  capacity: number;

  @Field(() => Int, { description: 'Leases that they hold now.' })
  holding: number;
}

@ObjectType({ description: 'Somebody came, went, or let a lease run out. The member is as when it is delivered.' })
@AllowInherited()
export class PresenceEvent {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => Member)
  member: Member;
}

interface PresentRow {
  member_id: string;
  since: Date;
  is_away: boolean;
  queues: string[] | null;
  capacity: number;
  holding: number;
}

/** Lets managers see who is there. */
@Resolver(() => Member)
export class PresenceResolver {
  constructor(
    private readonly database: Database,
    private readonly members: AccessQueries,
    private readonly log: LogReader,
  ) {}

  @ResolveField(() => Presence, { nullable: true, description: 'Null while they take no work as it comes.' })
  @Allow(MANAGERS)
  presence(@Parent() member: Member, @Context() context: RequestContext): Promise<Presence | null> {
    return loaderOf(context, 'Presence', () => this.loader(member.projectId)).load(member.id);
  }

  @Subscription(() => PresenceEvent, {
    description:
      'Who comes to be given work, who goes, and who lets a lease run out. Replays from `after` without a gap or a ' +
      'repeat, then goes on live; without `after` it starts at the present.',
    resolve(this: PresenceResolver, event: LogEvent) {
      return this.toPayload(event);
    },
  })
  @Allow(MANAGERS)
  async presenceChanged(
    @CurrentViewer() { projectId }: Viewer,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const from = after == null ? null : decodeCursor(projectId, after);
    const stream = this.log.stream({ projectId, after: from, kinds: KINDS });
    await stream.opened;
    return stream;
  }

  private async toPayload({ projectId, seq, data }: LogEvent): Promise<PresenceEvent> {
    const member = await this.members.member(projectId, String(data.memberId));
    if (!member) throw new Error(`event ${seq} names a member who is not there`);
    return { cursor: encodeCursor(projectId, seq), member };
  }

  /** Remembers nothing: in a subscription the operation lives as long as the stream. */
  private loader(projectId: number): DataLoader<string, Presence | null> {
    const read = async (memberIds: readonly string[]) => {
      const rows = await this.database.query<PresentRow & Record<string, unknown>>(presentSql, [projectId, memberIds]);
      const byId = new Map(rows.map((row) => [row.member_id, toPresence(row)]));
      return memberIds.map((id) => byId.get(id) ?? null);
    };
    return new DataLoader(read, { cache: false });
  }
}

function toPresence({ since, is_away: isAway, queues, capacity, holding }: PresentRow): Presence {
  return { since, isAway, queues, capacity, holding };
}
