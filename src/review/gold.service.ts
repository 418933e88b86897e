import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Verdict } from '../item/verdict.js';
import { WorkLimits } from '../assignment/work.limits.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { labelFaults } from '../project/labels.js';
import { QueueQueries } from '../project/queue.queries.js';
import {
  countGoldSql,
  goldAsGivenSql,
  goldFromItemSql,
  goldSourceSql,
  goldSql,
  MOST_GOLD,
  pausesSql,
  resumeSql,
  retireGoldSql,
} from './gold.sql.js';
import type { KnownAnswer } from './gold.score.js';
import type { MakeGoldInput } from './gold.input.js';
import type { Gold, ReviewerPause } from './gold.type.js';

interface SourceRow {
  queue_id: string;
  status: string;
  output: unknown;
  verdict: Verdict | null;
  corrected: unknown;
  labels: Record<string, unknown> | null;
}

/** What managers do with known answers: make them, retire them, and let go on whom they paused. */
@Injectable()
export class GoldService {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
    private readonly hint: LogHint,
    private readonly limits: WorkLimits,
  ) {}

  async list(projectId: number, queueKey: string): Promise<Gold[]> {
    const queue = await this.queue(projectId, queueKey);
    return this.read(projectId, queue.id, null);
  }

  /** Who is paused in which queue. */
  async pauses(projectId: number): Promise<ReviewerPause[]> {
    const rows = await this.database.query<ReviewerPause & object>(pausesSql, [projectId]);
    return rows.map((row) => ({ ...row, projectId }));
  }

  async make(viewer: Viewer, input: MakeGoldInput): Promise<Gold> {
    const { projectId } = viewer;
    const id = uuidv7();
    const queueId = input.itemId ? await this.fromItem(viewer, id, input) : await this.asGiven(viewer, id, input);
    return (await this.read(projectId, queueId, id))[0]!;
  }

  async retire(viewer: Viewer, goldId: string): Promise<Gold> {
    const { projectId } = viewer;
    const queueId = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ queue_id: string; is_new: boolean }>(retireGoldSql, [projectId, goldId]);
      if (!row) throw new Refusal('NOT_FOUND', 'There is no such known answer.');
      if (row.is_new) await this.log(tx, viewer, 'GOLD_RETIRED', row.queue_id, { goldId });
      return row.queue_id;
    });
    this.hint.wake(projectId);
    return (await this.read(projectId, queueId, goldId))[0]!;
  }

  /** INVALID_INPUT when the queue does not pass them by. Their count begins anew. */
  async resume(viewer: Viewer, queueKey: string, memberId: string) {
    const queue = await this.queue(viewer.projectId, queueKey);
    await this.database.transaction(async (tx) => {
      const rows = await tx.query(resumeSql, [viewer.projectId, memberId, queue.id]);
      if (rows.length === 0) throw new Refusal('INVALID_INPUT', 'The member is not paused in this queue.');
      await this.log(tx, viewer, 'MEMBER_RESUMED', queue.id, { memberId });
    });
    this.hint.wake(viewer.projectId);
    return queue;
  }

  private async fromItem(viewer: Viewer, id: string, input: MakeGoldInput): Promise<string> {
    const { queue, input: given, output, context, metadata } = input;
    if ([queue, given, output, context, metadata].some((value) => value != null)) {
      throw new Refusal('INVALID_INPUT', 'With itemId, the item says queue, input, output, context and metadata.');
    }
    const key = [viewer.projectId, input.itemId];
    const [item] = await this.database.query<SourceRow & object>(goldSourceSql, key);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    const known = input.verdict == null ? answerOf(item) : { verdict: input.verdict };
    if (!known) throw new Refusal('INVALID_INPUT', 'The item has no final answer yet: give the verdict that is right.');
    const answer = await this.check(viewer.projectId, item, { ...known, ...said(input) });
    await this.write(viewer, item.queue_id, id, (tx) =>
      tx.query(goldFromItemSql, [viewer.projectId, id, input.itemId, ...params(answer), actorOf(viewer)]),
    );
    return item.queue_id;
  }

  private async asGiven(viewer: Viewer, id: string, input: MakeGoldInput): Promise<string> {
    const { queue: queueKey, verdict, input: shown, output, context, metadata } = input;
    if (queueKey == null || verdict == null || shown == null || output == null) {
      throw new Refusal('INVALID_INPUT', 'Give itemId, or queue, input, output and verdict.');
    }
    for (const value of [shown, output, context, metadata]) this.limits.check({ correctedOutput: value });
    const { id: queueId } = await this.queue(viewer.projectId, queueKey);
    const answer = await this.check(viewer.projectId, { queue_id: queueId, output }, { verdict, ...said(input) });
    const payload = [shown, output, context ?? [], metadata ?? null].map((value) =>
      value === null ? null : JSON.stringify(value),
    );
    await this.write(viewer, queueId, id, (tx) =>
      tx.query(goldAsGivenSql, [viewer.projectId, id, queueId, ...payload, ...params(answer), actorOf(viewer)]),
    );
    return queueId;
  }

  private async check(
    projectId: number,
    { queue_id: queueId, output }: Pick<SourceRow, 'queue_id' | 'output'>,
    { verdict, correctedOutputs = [], labels = {} }: Partial<KnownAnswer> & Pick<KnownAnswer, 'verdict'>,
  ): Promise<KnownAnswer> {
    for (const correctedOutput of correctedOutputs) this.limits.check({ correctedOutput });
    if (verdict !== Verdict.CORRECTED && correctedOutputs.length > 0) {
      throw new Refusal('INVALID_INPUT', 'correctedOutputs go with the verdict CORRECTED.');
    }
    const [queue] = await this.queues.byIds(projectId, [queueId]);
    const fields = await this.queues.rubricFields({ projectId, queueId, version: queue!.rubricVersion });
    const faults = labelFaults(
      fields.map((field) => ({ ...field, required: false })),
      { labels, verdict, output },
    );
    if (faults.length === 0) return { verdict, correctedOutputs, labels };
    const message = faults.map((fault) => `${fault.field}: ${fault.message}`).join('\n');
    throw new Refusal('RUBRIC_VIOLATION', message, { faults });
  }

  private async write(viewer: Viewer, queueId: string, goldId: string, insert: (tx: Queryable) => Promise<unknown>) {
    await this.database.transaction(async (tx) => {
      await tx.query(`SELECT FROM queue WHERE project_id = $1 AND id = $2 FOR NO KEY UPDATE`, [
        viewer.projectId,
        queueId,
      ]);
      const [count] = await tx.query<{ there: number }>(countGoldSql, [viewer.projectId, queueId]);
      if (count!.there >= MOST_GOLD) {
        throw new Refusal('INVALID_INPUT', `A queue has at most ${MOST_GOLD} known answers; retire one first.`);
      }
      await insert(tx);
      await this.log(tx, viewer, 'GOLD_MADE', queueId, { goldId });
    });
    this.hint.wake(viewer.projectId);
  }

  private async queue(projectId: number, key: string) {
    const queue = await this.queues.byKey(projectId, key);
    if (!queue) throw new Refusal('NOT_FOUND', `There is no queue with the key "${key}".`);
    return queue;
  }

  private async read(projectId: number, queueId: string, goldId: string | null): Promise<Gold[]> {
    const rows = await this.database.query<Gold & object>(goldSql, [projectId, queueId, goldId]);
    return rows.map((row) => ({ ...row, projectId }));
  }

  private log(tx: Queryable, viewer: Viewer, kind: string, queueId: string, data: Record<string, unknown>) {
    return append(tx, [{ projectId: viewer.projectId, kind, actor: actorOf(viewer), queueId, data }]);
  }
}

function answerOf({ verdict, corrected, labels }: SourceRow): KnownAnswer | null {
  if (verdict === null) return null;
  return { verdict, correctedOutputs: verdict === Verdict.CORRECTED ? [corrected] : [], labels: labels ?? {} };
}

/** What the caller says of the answer goes before what the item says. */
function said({ correctedOutputs, labels }: MakeGoldInput): Partial<KnownAnswer> {
  if (labels != null && (typeof labels !== 'object' || Array.isArray(labels))) {
    throw new Refusal('RUBRIC_VIOLATION', 'labels must be an object of answers by field name.');
  }
  return {
    ...(correctedOutputs != null && { correctedOutputs }),
    ...(labels != null && { labels: labels as Record<string, unknown> }),
  };
}

function params({ verdict, correctedOutputs, labels }: KnownAnswer): string[] {
  return [verdict, JSON.stringify(correctedOutputs), JSON.stringify(labels)];
}
