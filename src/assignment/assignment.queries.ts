import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Assignment, AssignmentStatus } from './assignment.entity.js';
import type { Draft } from './draft.entity.js';
import { heldSql, liveSql } from './lease.sql.js';
import type { Verdict } from '../item/verdict.js';

/** An assignment and its draft as the statements of this folder return them. */
export interface AssignmentRow {
  project_id: number;
  id: string;
  item_id: string;
  slot: number;
  member_id: string;
  queue_id: string;
  lane_id: number;
  rank: string;
  rubric_version: number;
  lease_token: string;
  lease_seconds: number;
  lease_expires_at: Date;
  claimed_at: Date;
  /** Only of a lease that this statement ended. */
  ended_at?: Date;
  draft_verdict: Verdict | null;
  draft_corrected_output: unknown;
  draft_labels: unknown;
  draft_comment: string | null;
  draft_saved_at: Date | null;
}

@Injectable()
export class AssignmentQueries {
  constructor(private readonly database: Database) {}

  /** The leases that a member holds now, the oldest first. Bounded by what one person may hold. */
  async live(projectId: number, memberId: string): Promise<Assignment[]> {
    const rows = await this.database.query<AssignmentRow>(liveSql, [projectId, memberId]);
    return rows.map((row) => toAssignment(row));
  }

  /** One of them, if it is still held. */
  async held(projectId: number, memberId: string, id: string): Promise<Assignment | null> {
    const [row] = await this.database.query<AssignmentRow>(heldSql, [projectId, memberId, id]);
    return row ? toAssignment(row) : null;
  }
}

export function toAssignment(row: AssignmentRow, status = AssignmentStatus.LEASED): Assignment {
  return Object.assign(new Assignment(), {
    projectId: row.project_id,
    id: row.id,
    itemId: row.item_id,
    slot: row.slot,
    memberId: row.member_id,
    queueId: row.queue_id,
    laneId: row.lane_id,
    rank: row.rank,
    rubricVersion: row.rubric_version,
    status,
    leaseToken: status === AssignmentStatus.LEASED ? row.lease_token : '',
    leaseSeconds: row.lease_seconds,
    leaseExpiresAt: row.ended_at ?? row.lease_expires_at,
    claimedAt: row.claimed_at,
    draft: toDraft(row),
  });
}

function toDraft(row: AssignmentRow): Draft | null {
  if (row.draft_saved_at === null) return null;
  return {
    projectId: row.project_id,
    itemId: row.item_id,
    memberId: row.member_id,
    verdict: row.draft_verdict,
    correctedOutput: row.draft_corrected_output,
    labels: row.draft_labels,
    comment: row.draft_comment,
    savedAt: row.draft_saved_at,
  };
}
