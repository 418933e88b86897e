import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import type { LogEvent } from '../log/event.js';
import type { LogStream } from '../log/stream.js';
import { QueueQueries } from '../project/queue.queries.js';
import { PresenceService } from './presence.service.js';
import { PresenceStream } from './presence.stream.js';
import { PushService } from './push.service.js';
import type { Reviewer } from './reviewer.js';

/** What a reviewer takes without asking; null or left out, every queue and two leases. */
interface Acceptance {
  readonly queues?: string[] | null;
  readonly capacity?: number | null;
}

/** Makes a reviewer's stream one by which they are there and are given work. */
@Injectable()
export class AcceptService {
  constructor(
    private readonly queues: QueueQueries,
    private readonly presence: PresenceService,
    private readonly push: PushService,
  ) {}

  async check(projectId: number, { queues }: Acceptance): Promise<void> {
    const known = new Set((await this.queues.all(projectId)).map(({ key }) => key));
    const unknown = queues?.find((key) => !known.has(key));
    if (unknown !== undefined) throw new Refusal('NOT_FOUND', `There is no queue with the key "${unknown}".`);
  }

  async accept(
    reviewer: Reviewer,
    { queues, capacity }: Acceptance,
    stream: LogStream,
  ): Promise<AsyncIterable<LogEvent>> {
    const { projectId, member } = reviewer;
    const acceptance = { queues: queues ?? null, capacity: capacity ?? 2 };
    const id = await this.presence.enter(reviewer, acceptance).catch(async (error: unknown) => {
      await stream.return();
      throw error;
    });
    this.push.wake(projectId);
    return new PresenceStream(stream, {
      memberId: member.id,
      onBack: () => this.presence.back(projectId, member.id),
      onGone: () => this.presence.leave(id),
    });
  }
}
