import { Args, Field, ObjectType, Resolver, Subscription } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { Queue } from './queue.entity.js';
import { QueueQueries } from './queue.queries.js';

@ObjectType({ description: 'Something changed in a queue. The queue is as it stands when the event is delivered.' })
@AllowInherited()
export class QueueEvent {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => Queue)
  queue: Queue;
}

/** Tells that a queue changed: its settings, or the items in it and so its figures. */
@Resolver()
export class QueueSubscription {
  constructor(
    private readonly log: LogReader,
    private readonly queues: QueueQueries,
  ) {}

  @Subscription(() => QueueEvent, {
    description:
      'Every change in a queue: items that come and go, claims, reviews, new settings. Replays from `after` without a ' +
      'gap or a repeat, then goes on live; without `after` it starts at the present. CURSOR_EXPIRED when the log is no ' +
      'longer kept so far back.',
    resolve(this: QueueSubscription, event: LogEvent) {
      return this.toPayload(event);
    },
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) })
  async queueChanged(
    @CurrentViewer() { projectId }: Viewer,
    @Args('queue', { type: () => String, description: "A queue's key." }) key: string,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const queue = await this.queues.byKey(projectId, key);
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue with the key "${key}".`);
    const stream = this.log.stream({
      projectId,
      after: after == null ? null : decodeCursor(projectId, after),
      kinds: [],
      matches: (event) => event.queueId === queue.id,
    });
    await stream.opened;
    return stream;
  }

  private async toPayload(event: LogEvent): Promise<QueueEvent> {
    const [queue] = await this.queues.byIds(event.projectId, [event.queueId ?? '']);
    if (!queue) throw new Error(`event ${event.seq} names a queue that is not there`);
    return { cursor: encodeCursor(event.projectId, event.seq), queue };
  }
}
