import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { type Period, periodOf } from './period.js';

/** The queues and the time that a question is about. */
export interface Scope extends Period {
  readonly projectId: number;
  readonly queueIds: readonly string[];
  /** When the first of them was made. */
  readonly queueCreatedAt: Date;
  /** By the database's clock. */
  readonly now: Date;
}

/** The same of one queue. */
export interface QueueScope extends Scope {
  readonly queueId: string;
  readonly rubricVersion: number;
}

interface Asked {
  readonly from?: Date | null;
  readonly to?: Date | null;
}

interface QueueRow {
  [column: string]: unknown;
  id: string;
  created_at: Date;
  rubric_version: number;
  now: Date;
}

@Injectable()
export class Scopes {
  constructor(private readonly database: Database) {}

  /** NOT_FOUND without such a queue; INVALID_INPUT for an impossible period. */
  async of(projectId: number, asked: Asked & { queue: string }): Promise<QueueScope> {
    const [queue] = await this.database.query<QueueRow>(
      `SELECT q.id, q.created_at, q.rubric_version, now() AS now FROM queue q WHERE q.project_id = $1 AND q.key = $2`,
      [projectId, asked.queue],
    );
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue "${asked.queue}".`);
    const { id: queueId, created_at: queueCreatedAt, rubric_version: rubricVersion, now } = queue;
    return {
      projectId,
      queueId,
      queueIds: [queueId],
      queueCreatedAt,
      rubricVersion,
      now,
      ...periodOf(asked.from ?? null, asked.to ?? null, now),
    };
  }

  /** Of the queue named, or of all together when none is. */
  async ofSome(projectId: number, asked: Asked & { queue?: string | null }): Promise<Scope> {
    const { queue } = asked;
    if (queue != null) return this.of(projectId, { ...asked, queue });
    const [row] = await this.database.query<{ ids: string[]; created_at: Date; now: Date }>(
      `SELECT coalesce(array_agg(q.id), '{}') AS ids, coalesce(min(q.created_at), now()) AS created_at, now() AS now
         FROM queue q WHERE q.project_id = $1`,
      [projectId],
    );
    const { ids: queueIds, created_at: queueCreatedAt, now } = row!;
    return { projectId, queueIds, queueCreatedAt, now, ...periodOf(asked.from ?? null, asked.to ?? null, now) };
  }
}
