import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';

import { Queue } from './queue.entity.js';
import { Rubric } from './rubric.entity.js';
import type { RubricField } from './rubric.js';

export interface RubricRef {
  readonly projectId: number;
  readonly queueId: string;
  readonly version: number;
}

const MOST_KEPT = 1_000;

/** Plain reads of queues and rubrics. */
@Injectable()
export class QueueQueries {
  /** Versions never change, so what was read once is right for ever; the oldest make room. */
  private readonly rubrics = new Map<string, Rubric>();

  constructor(private readonly dataSource: DataSource) {}

  /** All queues of a project, by key. A set-up document holds at most 200. */
  all(projectId: number): Promise<Queue[]> {
    return this.dataSource.getRepository(Queue).find({ where: { projectId }, order: { key: 'ASC' } });
  }

  byKey(projectId: number, key: string): Promise<Queue | null> {
    return this.dataSource.getRepository(Queue).findOneBy({ projectId, key });
  }

  byIds(projectId: number, ids: readonly string[]): Promise<Queue[]> {
    return this.dataSource.getRepository(Queue).findBy({ projectId, id: In([...ids]) });
  }

  async memberNames({ projectId, id }: Queue): Promise<string[]> {
    const rows: { name: string }[] = await this.dataSource.query(
      `SELECT m.name FROM queue_member w JOIN member m ON m.project_id = $1 AND m.id = w.member_id
        WHERE w.project_id = $1 AND w.queue_id = $2 ORDER BY m.name COLLATE "C"`,
      [projectId, id],
    );
    return rows.map(({ name }) => name);
  }

  async rubric(ref: RubricRef): Promise<Rubric> {
    const key = `${ref.projectId} ${ref.queueId} ${ref.version}`;
    const kept = this.rubrics.get(key);
    if (kept) return kept;
    const read = await this.dataSource.getRepository(Rubric).findOneByOrFail({ ...ref });
    if (this.rubrics.size >= MOST_KEPT) this.rubrics.delete(this.rubrics.keys().next().value as string);
    this.rubrics.set(key, read);
    return read;
  }

  async rubricFields(ref: RubricRef): Promise<readonly RubricField[]> {
    return (await this.rubric(ref)).fields;
  }
}
