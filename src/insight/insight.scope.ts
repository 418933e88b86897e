import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { type Period, periodOf } from './period.js';

/** The queue and the time that a question is about. */
export interface Scope extends Period {
  readonly projectId: number;
  readonly queueId: string;
  readonly queueCreatedAt: Date;
  readonly rubricVersion: number;
  /** By the database's clock. */
  readonly now: Date;
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
  async of(projectId: number, asked: { queue: string; from?: Date | null; to?: Date | null }): Promise<Scope> {
    const [queue] = await this.database.query<QueueRow>(
      `SELECT q.id, q.created_at, q.rubric_version, now() AS now FROM queue q WHERE q.project_id = $1 AND q.key = $2`,
      [projectId, asked.queue],
    );
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue "${asked.queue}".`);
    const { id: queueId, created_at: queueCreatedAt, rubric_version: rubricVersion, now } = queue;
    return {
      projectId,
      queueId,
      queueCreatedAt,
      rubricVersion,
      now,
      ...periodOf(asked.from ?? null, asked.to ?? null, now),
    };
  }
}
