import { Args, Field, ID, ObjectType, Resolver, Subscription } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { QueueQueries } from '../project/queue.queries.js';
import { ReviewItem } from './item.entity.js';
import { ItemQueries } from './item.queries.js';

@ObjectType({ description: 'Something became of an item. The item is as it stands when the event is delivered.' })
@AllowInherited()
export class ItemEvent {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => ReviewItem)
  item: ReviewItem;
}

@Resolver(() => ItemEvent)
export class ItemSubscription {
  constructor(
    private readonly reader: LogReader,
    private readonly items: ItemQueries,
    private readonly queues: QueueQueries,
  ) {}

  @Subscription(() => ItemEvent, {
    description:
      'Final answers: what a waiting app, or a collector of eval cases, listens to. Replays from `after` without a gap ' +
      'or a repeat, then goes on live; without `after` it starts at the present. CURSOR_EXPIRED when the log is no ' +
      'longer kept so far back.',
    resolve(this: ItemSubscription, event: LogEvent) {
      return this.toItemEvent(event);
    },
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) })
  async itemResolved(
    @CurrentViewer() { projectId, member }: Viewer,
    @Args('queue', { type: () => String, nullable: true, description: "A queue's key." }) key: string | null,
    @Args('source', { type: () => String, nullable: true }) source: string | null,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterableIterator<LogEvent>> {
    const queueId = key == null ? null : await this.queueId(projectId, key);
    // What a reviewer answered looks the same to them, whether the answer was known or not.
    const own = member?.role === Role.REVIEWER ? `member:${member.id}` : null;
    const stream = this.reader.stream({
      projectId,
      after: after == null ? null : decodeCursor(projectId, after),
      kinds: own === null ? ['ITEM_RESOLVED'] : ['ITEM_RESOLVED', 'GOLD_RESOLVED', 'GOLD_RESOLVED_AGAIN'],
      matches: (event) =>
        (event.kind === 'ITEM_RESOLVED' || event.actor === own) &&
        (queueId === null || event.queueId === queueId) &&
        (source == null || event.data.source === source),
    });
    await stream.opened;
    return stream;
  }

  @Subscription(() => ItemEvent, {
    description:
      'Everything that becomes of an item, or of the items of a queue, or of all. Replays from `after` without a gap or ' +
      'a repeat, then goes on live; without `after` it starts at the present. CURSOR_EXPIRED when the log is no longer ' +
      'kept so far back.',
    resolve(this: ItemSubscription, event: LogEvent) {
      return this.toItemEvent(event);
    },
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  async itemChanged(
    @CurrentViewer() { projectId }: Viewer,
    @Args('id', { type: () => ID, nullable: true, description: "An item's id." }) id: string | null,
    @Args('queue', { type: () => String, nullable: true, description: "A queue's key." }) key: string | null,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterableIterator<LogEvent>> {
    const queueId = key == null ? null : await this.queueId(projectId, key);
    const itemId = id?.toLowerCase() ?? null;
    const stream = this.reader.stream({
      projectId,
      after: after == null ? null : decodeCursor(projectId, after),
      kinds: [],
      matches: (event) =>
        event.itemId !== null &&
        // A copy of a known answer is no item to those who watch all items.
        !event.kind.startsWith('GOLD_') &&
        (itemId === null || event.itemId === itemId) &&
        (queueId === null || event.queueId === queueId),
    });
    await stream.opened;
    return stream;
  }

  private async toItemEvent(event: LogEvent): Promise<ItemEvent> {
    const [item] = await this.items.byIds(event.projectId, [event.itemId ?? '']);
    if (!item) throw new Error(`event ${event.seq} names an item that is not there`);
    return { cursor: encodeCursor(event.projectId, event.seq), item };
  }

  private async queueId(projectId: number, key: string): Promise<string> {
    const queue = await this.queues.byKey(projectId, key);
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue "${key}".`);
    return queue.id;
  }
}
