import { Args, Resolver, Subscription } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { Assignment, AssignmentStatus } from './assignment.entity.js';
import { AssignmentEvent } from './assignment.payload.js';
import { AssignmentQueries } from './assignment.queries.js';
import { reviewerOf } from './reviewer.js';

const STATUS_AFTER: Readonly<Record<string, AssignmentStatus>> = {
  ASSIGNMENT_CLAIMED: AssignmentStatus.LEASED,
  ASSIGNMENT_RELEASED: AssignmentStatus.RELEASED,
  ASSIGNMENT_SKIPPED: AssignmentStatus.SKIPPED,
  ASSIGNMENT_EXPIRED: AssignmentStatus.EXPIRED,
  ITEM_ESCALATED: AssignmentStatus.ESCALATED,
  REVIEW_SUBMITTED: AssignmentStatus.SUBMITTED,
};

/**
 * Tells a reviewer what is assigned to them and what becomes of it. The status is the event's, so a replay tells the
 * story as it went; token, draft and end of the lease are of now, and there only while the lease lives.
 */
@Resolver()
export class AssignmentSubscription {
  constructor(
    private readonly log: LogReader,
    private readonly queries: AssignmentQueries,
  ) {}

  @Subscription(() => AssignmentEvent, {
    description: 'What is assigned to the viewer, and what becomes of it.',
    resolve(this: AssignmentSubscription, event: LogEvent) {
      return this.toPayload(event);
    },
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async assignmentChanged(
    @CurrentViewer() viewer: Viewer,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const { projectId, member } = reviewerOf(viewer);
    const stream = this.log.stream({
      projectId,
      after: after ? decodeCursor(projectId, after) : null,
      kinds: Object.keys(STATUS_AFTER),
      matches: (event) => event.data.memberId === member.id,
    });
    await stream.opened;
    return stream;
  }

  private async toPayload(event: LogEvent): Promise<AssignmentEvent> {
    const status = STATUS_AFTER[event.kind] ?? AssignmentStatus.LEASED;
    const memberId = String(event.data.memberId);
    const id = String(event.data.assignmentId);
    const live = status === AssignmentStatus.LEASED ? await this.queries.held(event.projectId, memberId, id) : null;
    const cursor = encodeCursor(event.projectId, event.seq);
    return { cursor, assignment: live ?? fromEvent(event, status) };
  }
}

function fromEvent(event: LogEvent, status: AssignmentStatus): Assignment {
  const endsAt = status === AssignmentStatus.LEASED ? new Date(String(event.data.leaseExpiresAt)) : event.at;
  return Object.assign(new Assignment(), {
    projectId: event.projectId,
    id: String(event.data.assignmentId),
    itemId: event.itemId,
    memberId: String(event.data.memberId),
    slot: Number(event.data.slot),
    status,
    leaseToken: '',
    leaseExpiresAt: endsAt,
    draft: null,
  });
}
