import { Args, Resolver, Subscription } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { checkInput } from '../graphql/input.pipe.js';
import { decodeCursor, encodeCursor } from '../log/cursor.js';
import type { LogEvent } from '../log/event.js';
import { LogReader } from '../log/reader.js';
import { AcceptInput } from './accept.input.js';
import { AcceptService } from './accept.service.js';
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
  GOLD_CLAIMED: AssignmentStatus.LEASED,
  GOLD_RELEASED: AssignmentStatus.RELEASED,
  GOLD_SKIPPED: AssignmentStatus.SKIPPED,
  GOLD_EXPIRED: AssignmentStatus.EXPIRED,
  GOLD_SUBMITTED: AssignmentStatus.SUBMITTED,
  GOLD_ESCALATED: AssignmentStatus.ESCALATED,
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
    private readonly accepting: AcceptService,
  ) {}

  @Subscription(() => AssignmentEvent, {
    description:
      'What is assigned to the viewer, and what becomes of it. With `accept` the viewer is there to be given work: items ' +
      'come by themselves, the most urgent first, while they hold less than that capacity. Whoever lets a lease run out is ' +
      'given nothing more until they do something. Errors: NOT_FOUND (no such queue).',
    resolve(this: AssignmentSubscription, event: LogEvent) {
      return this.toPayload(event);
    },
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async assignmentChanged(
    @CurrentViewer() viewer: Viewer,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
    @Args('accept', { type: () => AcceptInput, nullable: true }) accept: AcceptInput | null,
  ): Promise<AsyncIterable<LogEvent>> {
    const reviewer = reviewerOf(viewer);
    const { projectId, member } = reviewer;
    // Here, for an argument that may be null carries no class that the pipe could check it by.
    if (accept) await this.accepting.check(projectId, await checkInput(AcceptInput, accept, 'accept'));
    const stream = this.log.stream({
      projectId,
      after: after ? decodeCursor(projectId, after) : null,
      kinds: Object.keys(STATUS_AFTER),
      matches: (event) => event.data.memberId === member.id,
    });
    await stream.opened;
    return accept ? this.accepting.accept(reviewer, accept, stream) : stream;
  }

  private async toPayload(event: LogEvent): Promise<AssignmentEvent> {
    const status = STATUS_AFTER[event.kind] ?? AssignmentStatus.LEASED;
    const memberId = String(event.data.memberId);
    const id = String(event.data.assignmentId);
    const live = status === AssignmentStatus.LEASED ? await this.queries.held(event.projectId, memberId, id) : null;
    const cursor = encodeCursor(event.projectId, event.seq);
    const isGiven = status === AssignmentStatus.LEASED && event.actor !== `member:${memberId}`;
    return { cursor, isGiven, assignment: live ?? fromEvent(event, status) };
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
