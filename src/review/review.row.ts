import type { Answer } from './resolution.js';
import { Review } from './review.entity.js';
import type { Shown } from '../assignment/shown.js';
import type { Verdict } from '../item/verdict.js';

/** A review as the statements of this folder return it. */
export interface ReviewRow {
  project_id: number;
  id: string;
  item_id: string;
  queue_id: string;
  slot: number;
  revision: number;
  member_id: string;
  assignment_id: string;
  lease_token: string;
  rubric_version: number;
  verdict: Verdict;
  corrected_output: unknown;
  labels: Record<string, unknown>;
  comment: string | null;
  content_hash: Buffer;
  duration_ms: number;
  supersedes: string | null;
  shown: Shown[] | null;
  submitted_at: Date;
}

export function toReview(row: ReviewRow): Review {
  return Object.assign(new Review(), {
    projectId: row.project_id,
    id: row.id,
    itemId: row.item_id,
    queueId: row.queue_id,
    slot: row.slot,
    revision: row.revision,
    memberId: row.member_id,
    assignmentId: row.assignment_id,
    leaseToken: row.lease_token,
    rubricVersion: row.rubric_version,
    verdict: row.verdict,
    correctedOutput: row.corrected_output,
    labels: row.labels,
    comment: row.comment,
    contentHash: row.content_hash,
    durationMs: row.duration_ms,
    supersedes: row.supersedes,
    shown: row.shown,
    submittedAt: row.submitted_at,
  });
}

/** What the rules of resolution look at. */
export function toAnswer({ verdict, corrected_output: correctedOutput, labels }: ReviewRow): Answer {
  return { verdict, correctedOutput, labels };
}
