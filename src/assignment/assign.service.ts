import { Injectable } from '@nestjs/common';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { assignSql, leasesOnSql, reviewerSql, unassignSql, whyNotAssignedSql } from './assign.sql.js';

interface WhyNot {
  status: string | null;
  is_reviewer: boolean;
  is_holder: boolean;
  is_done: boolean;
}

/** What a manager does with leases: hand items to somebody, take them back. Both are in the log, and the member is told. */
@Injectable()
export class AssignService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** Returns the item's id. */
  async assign(viewer: Viewer, itemId: string, memberId: string): Promise<string> {
    if (await this.handOver(viewer, itemId, memberId)) {
      this.hint.wake(viewer.projectId);
      return itemId;
    }
    const [why] = await this.database.query<WhyNot>(whyNotAssignedSql, [viewer.projectId, memberId, itemId]);
    throw refusalOf(why!);
  }

  /** Hands over what is free and may be theirs; returns of which items. */
  async assignEach(viewer: Viewer, itemIds: readonly string[], memberId: string): Promise<string[]> {
    const known = await this.database.query(reviewerSql, [viewer.projectId, memberId]);
    if (known.length === 0) throw noSuchReviewer();
    const handed: string[] = [];
    for (const id of itemIds) if (await this.handOver(viewer, id, memberId)) handed.push(id);
    return handed;
  }

  /** Ends every lease on these items; returns which items had one. */
  async unassignEach(viewer: Viewer, itemIds: readonly string[]): Promise<string[]> {
    const held = await this.database.query<{ id: string }>(leasesOnSql, [viewer.projectId, itemIds]);
    const freed = new Set<string>();
    for (const { id } of held) {
      const [ended] = await this.end(viewer, id);
      if (ended) freed.add(ended.item_id);
    }
    return [...freed];
  }

  /** Returns the item's id. */
  async unassign(viewer: Viewer, assignmentId: string): Promise<string> {
    const [ended] = await this.end(viewer, assignmentId);
    if (!ended) throw new Refusal('NOT_FOUND', 'There is no such live assignment.');
    this.hint.wake(viewer.projectId);
    return ended.item_id;
  }

  private async handOver(viewer: Viewer, itemId: string, memberId: string): Promise<boolean> {
    const params = [viewer.projectId, memberId, itemId, uuidv7(), uuidv4(), actorOf(viewer)];
    return (await this.database.query({ name: 'assign', text: assignSql }, params)).length > 0;
  }

  private end(viewer: Viewer, assignmentId: string): Promise<{ item_id: string }[]> {
    const params = [viewer.projectId, assignmentId, actorOf(viewer)];
    return this.database.query<{ item_id: string }>({ name: 'unassign', text: unassignSql }, params);
  }
}

function noSuchReviewer(): Refusal {
  return new Refusal('NOT_FOUND', 'There is no such active member who may review.');
}

function refusalOf(why: WhyNot): Refusal {
  if (why.status === null) return new Refusal('NOT_FOUND', 'There is no such item.');
  if (!why.is_reviewer) return noSuchReviewer();
  if (why.status === 'RESOLVED' || why.status === 'WITHDRAWN')
    return new Refusal('ALREADY_RESOLVED', 'The item needs no review any more.');
  if (why.is_holder) return new Refusal('INVALID_INPUT', 'The member holds this item already.');
  if (why.is_done) return new Refusal('INVALID_INPUT', 'The member has reviewed or skipped this item, or wrote it.');
  return new Refusal(
    'INVALID_INPUT',
    'Every review of this item is done or in somebody else’s hands; unassign one of those first.',
  );
}
