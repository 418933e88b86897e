import { Args, Resolver, Subscription } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import type { RequestContext } from '../graphql/context.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { QueueQueries } from '../project/queue.queries.js';
import { ReviewerPausedEvent } from './gold.type.js';
import { ReviewQueries } from './review.queries.js';

/** Tells managers whom a queue passes by from now on, and who may go on. */
@Resolver()
export class GoldSubscription {
  constructor(
    private readonly log: LogReader,
    private readonly queues: QueueQueries,
    private readonly reviews: ReviewQueries,
  ) {}

  @Subscription(() => ReviewerPausedEvent, {
    description:
      'Reviewers who are paused in a queue because too few of their answers were right, or who may go on. Replays from ' +
      '`after` without a gap or a repeat, then goes on live; without `after` it starts at the present. CURSOR_EXPIRED ' +
      'when the log is no longer kept so far back.',
    resolve(this: GoldSubscription, event: LogEvent, _args: unknown, context: RequestContext) {
      return this.toPayload(event, context);
    },
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  async reviewerPaused(
    @CurrentViewer() { projectId }: Viewer,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const stream = this.log.stream({
      projectId,
      after: after == null ? null : decodeCursor(projectId, after),
      kinds: ['MEMBER_PAUSED', 'MEMBER_RESUMED'],
    });
    await stream.opened;
    return stream;
  }

  private async toPayload(event: LogEvent, context: RequestContext): Promise<ReviewerPausedEvent> {
    const { projectId, seq, data } = event;
    const [queue] = await this.queues.byIds(projectId, [event.queueId ?? '']);
    if (!queue) throw new Error(`event ${seq} names a queue that is not there`);
    return {
      cursor: encodeCursor(projectId, seq),
      member: await this.reviews.member(context, projectId, String(data.memberId)),
      queue,
      isPaused: event.kind === 'MEMBER_PAUSED',
      answered: Number(data.answered ?? 0),
      right: Number(data.right ?? 0),
    };
  }
}
