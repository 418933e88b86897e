import { Args, Resolver, Subscription } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { QueueQueries } from '../project/queue.queries.js';
import { ReviewEvent } from './review.payload.js';
import { ReviewQueries } from './review.queries.js';

/**
 * Streams reviews as they come in. Reviews are blind, and a stream would show them before the reviewer's own is in; so a
 * reviewer gets their own reviews only.
 */
@Resolver()
export class ReviewSubscription {
  constructor(
    private readonly log: LogReader,
    private readonly reviews: ReviewQueries,
    private readonly queues: QueueQueries,
  ) {}

  @Subscription(() => ReviewEvent, {
    description:
      'Corrections and confirmations as reviewers submit and revise them (`supersedes` names what was revised); to a ' +
      'reviewer, their own. Replays from `after` without ' +
      'a gap or a repeat, then goes on live; without `after` it starts at the present. CURSOR_EXPIRED when the log is ' +
      'no longer kept so far back.',
    resolve(this: ReviewSubscription, event: LogEvent) {
      return this.toPayload(event);
    },
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: Object.values(Role) })
  async reviewSubmitted(
    @CurrentViewer() { projectId, member }: Viewer,
    @Args('queue', { type: () => String, nullable: true, description: "A queue's key; left out, all queues." })
    key: string | null,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const queueId = key == null ? null : await this.queueId(projectId, key);
    const onlyOf = member?.role === Role.REVIEWER ? member.id : null;
    const stream = this.log.stream({
      projectId,
      after: after == null ? null : decodeCursor(projectId, after),
      kinds: ['REVIEW_SUBMITTED', 'REVIEW_REVISED'],
      matches: (event) =>
        (queueId === null || event.queueId === queueId) && (onlyOf === null || event.data.memberId === onlyOf),
    });
    await stream.opened;
    return stream;
  }

  private async toPayload(event: LogEvent): Promise<ReviewEvent> {
    const review = await this.reviews.byId(event.projectId, String(event.data.reviewId));
    if (!review) throw new Error(`event ${event.seq} names a review that is not there`);
    return { cursor: encodeCursor(event.projectId, event.seq), review };
  }

  private async queueId(projectId: number, key: string): Promise<string> {
    const queue = await this.queues.byKey(projectId, key);
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue with the key "${key}".`);
    return queue.id;
  }
}
