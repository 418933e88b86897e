import { Injectable } from '@nestjs/common';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { assignSql, unassignSql, whyNotAssignedSql } from './assign.sql.js';

interface WhyNot {
  status: string | null;
  is_reviewer: boolean;
  is_holder: boolean;
  is_done: boolean;
}

/** What a manager does with one lease: hand an item to somebody, take one back. Both are in the log, and the member is told. */
@Injectable()
export class AssignService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** Returns the item's id. */
  async assign(viewer: Viewer, itemId: string, memberId: string): Promise<string> {
    const key = [viewer.projectId, memberId, itemId];
    const params = [...key, uuidv7(), uuidv4(), actorOf(viewer)];
    const [held] = await this.database.query<{ item_id: string }>({ name: 'assign', text: assignSql }, params);
    if (held) {
      this.hint.wake(viewer.projectId);
      return held.item_id;
    }
    const [why] = await this.database.query<WhyNot>(whyNotAssignedSql, key);
    throw refusalOf(why!);
  }

  /** Returns the item's id. */
  async unassign(viewer: Viewer, assignmentId: string): Promise<string> {
    const params = [viewer.projectId, assignmentId, actorOf(viewer)];
    const [ended] = await this.database.query<{ item_id: string }>({ name: 'unassign', text: unassignSql }, params);
    if (!ended) throw new Refusal('NOT_FOUND', 'There is no such live assignment.');
    this.hint.wake(viewer.projectId);
    return ended.item_id;
  }
}

function refusalOf(why: WhyNot): Refusal {
  if (why.status === null) return new Refusal('NOT_FOUND', 'There is no such item.');
  if (!why.is_reviewer) return new Refusal('NOT_FOUND', 'There is no such active member who may review.');
  if (why.status === 'RESOLVED' || why.status === 'WITHDRAWN')
    return new Refusal('ALREADY_RESOLVED', 'The item needs no review any more.');
  if (why.is_holder) return new Refusal('INVALID_INPUT', 'The member holds this item already.');
  if (why.is_done) return new Refusal('INVALID_INPUT', 'The member has reviewed or skipped this item, or wrote it.');
  return new Refusal(
    'INVALID_INPUT',
    'Every review of this item is done or in somebody else’s hands; unassign one of those first.',
  );
}
