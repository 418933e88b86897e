import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import { checkInput } from '../graphql/input.pipe.js';
import type { LogEvent } from '../log/event.js';
import type { LogStream } from '../log/stream.js';
import { QueueQueries } from '../project/queue.queries.js';
import { AcceptInput } from './accept.input.js';
import { PresenceService } from './presence.service.js';
import { PresenceStream } from './presence.stream.js';
import { PushService } from './push.service.js';
import type { Reviewer } from './reviewer.js';

/** Makes a reviewer's stream one by which they are there and are given work. */
@Injectable()
export class AcceptService {
  constructor(
    private readonly queues: QueueQueries,
    private readonly presence: PresenceService,
    private readonly push: PushService,
  ) {}

  /** Here, for an argument that may be null carries no class that the pipe could check it by. */
  async check(projectId: number, accept: AcceptInput): Promise<void> {
    const { queues } = await checkInput(AcceptInput, accept, 'accept');
    const known = new Set((await this.queues.all(projectId)).map(({ key }) => key));
    const unknown = queues?.find((key) => !known.has(key));
    if (unknown !== undefined) throw new Refusal('NOT_FOUND', `There is no queue with the key "${unknown}".`);
  }

  async accept(
    reviewer: Reviewer,
    { queues, capacity }: AcceptInput,
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
