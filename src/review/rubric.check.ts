import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { checkLabels, needsOutput } from '../project/labels.js';
import { QueueQueries, type RubricRef } from '../project/queue.queries.js';
import type { RubricField } from '../project/rubric.js';
import type { CompleteAnswer } from './content-hash.js';
import { outputSql } from './review.sql.js';

/** Whether the labels of an answer, be it a review or a decision, answer a rubric about an item. */
@Injectable()
export class RubricCheck {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
  ) {}

  /** RUBRIC_VIOLATION if they do not; otherwise the rubric's fields. */
  async check(rubric: RubricRef, itemId: string, { labels, verdict }: CompleteAnswer): Promise<readonly RubricField[]> {
    const fields = await this.queues.rubricFields(rubric);
    const output = needsOutput(fields) ? await this.outputOf(rubric.projectId, itemId) : undefined;
    checkLabels(fields, { labels, verdict, output });
    return fields;
  }

  private async outputOf(projectId: number, itemId: string): Promise<unknown> {
    const statement = { name: 'evidence-output', text: outputSql };
    const [evidence] = await this.database.query<{ output: unknown }>(statement, [projectId, itemId]);
    return evidence?.output;
  }
}
