import { Injectable } from '@nestjs/common';

import { Database, type Queryable } from '../database/database.js';
import { GroupCommit } from '../database/group-commit.js';
import { LogHint } from '../log/hint.js';
import { scoreGoldSql } from './gold.score.sql.js';
import type { Review } from './review.entity.js';
import { type ReviewRow, toReview } from './review.row.js';
import { settle } from './settle.writer.js';
import { submitSql } from './submit.sql.js';

/** One checked answer on its way to the database. */
export interface Submission {
  readonly id: string;
  readonly assignmentId: string;
  readonly leaseToken: string;
  readonly memberId: string;
  readonly verdict: string;
  /** JSON texts, so that what was checked is what is stored. */
  readonly correctedOutput: string | null;
  readonly labels: string;
  readonly comment: string | null;
  readonly contentHash: string;
  /** Of a known answer; null for all others. */
  readonly isRight: boolean | null;
}

type Group = GroupCommit<Submission, Review | null>;
type Kind = 'SINGLE' | 'SEVERAL' | 'GOLD';
type SubmittedRow = ReviewRow & { n: number; is_last: boolean };

const UNIQUE_VIOLATION = '23505';
const MOST_GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Writes reviews, as many as arrive at once in one commit.
 *
 * Items that need one review and items that need several go separate ways: the former are one statement and no
 * transaction around it, the latter have to look, in the same transaction, whether the last review came in. Copies of
 * known answers are scored in theirs. Which way it is was read without a lock, so what finds no item of one review goes
 * the other way: its queue may have asked for more meanwhile.
 * A submission whose lease did not hold gives null and changes nothing. Groups are of one project, as every statement is.
 */
@Injectable()
export class SubmissionWriter {
  private readonly groups = new Map<string, Group>();

  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  async write(projectId: number, reviewsRequired: number, submission: Submission): Promise<Review | null> {
    try {
      const kind = kindOf(reviewsRequired, submission);
      let review = await this.groupOf(projectId, kind).submit(submission);
      if (!review && kind === 'SINGLE') review = await this.groupOf(projectId, 'SEVERAL').submit(submission);
      if (review) this.hint.wake(projectId);
      return review;
    } catch (error) {
      // The person's review of this item came in by another slot at this moment; nothing was changed.
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return null;
      throw error;
    }
  }

  private groupOf(projectId: number, kind: Kind): Group {
    const key = `${projectId} ${kind}`;
    const known = this.groups.get(key);
    if (known) return known;
    const run = async (batch: readonly Submission[]) => {
      const rows = await this.submitAs(kind, projectId, batch);
      const byPlace = new Map(rows.map((row) => [row.n, toReview(row)]));
      return batch.map((_, n) => byPlace.get(n) ?? null);
    };
    const group = new GroupCommit({ run, maxGroupSize: MOST_GROUP_BYTES, sizeOf });
    this.groups.set(key, group);
    return group;
  }

  private submitAs(kind: Kind, projectId: number, batch: readonly Submission[]): Promise<SubmittedRow[]> {
    if (kind === 'SINGLE') return this.submit(this.database, projectId, batch, true);
    return kind === 'GOLD' ? this.submitAndScore(projectId, batch) : this.submitAndSettle(projectId, batch);
  }

  private submitAndScore(projectId: number, batch: readonly Submission[]): Promise<SubmittedRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await this.submit(tx, projectId, batch);
      const right = rows.map((row) => batch[row.n]?.isRight ?? false);
      await tx.query({ name: 'gold-score', text: scoreGoldSql }, [projectId, rows.map((row) => row.item_id), right]);
      return rows;
    });
  }

  private submitAndSettle(projectId: number, batch: readonly Submission[]): Promise<SubmittedRow[]> {
    return this.database.transaction(async (tx) => {
      const rows = await this.submit(tx, projectId, batch);
      const full = [...new Set(rows.filter((row) => row.is_last).map((row) => row.item_id))];
      if (full.length > 0) await settle(tx, projectId, full);
      return rows;
    });
  }

  private submit(
    db: Queryable,
    projectId: number,
    batch: readonly Submission[],
    isSingle = false,
  ): Promise<SubmittedRow[]> {
    const sent = batch.map((one, n) => ({
      n,
      id: one.id,
      assignment_id: one.assignmentId,
      lease_token: one.leaseToken,
      member_id: one.memberId,
      verdict: one.verdict,
      corrected_output: one.correctedOutput,
      labels: one.labels,
      comment: one.comment,
      content_hash: one.contentHash,
      is_right: one.isRight,
    }));
    return db.query<SubmittedRow>({ name: 'submit', text: submitSql }, [projectId, JSON.stringify(sent), isSingle]);
  }
}

function kindOf(reviewsRequired: number, { isRight }: Submission): Kind {
  if (isRight !== null) return 'GOLD';
  return reviewsRequired === 1 ? 'SINGLE' : 'SEVERAL';
}

function sizeOf({ correctedOutput, labels, comment }: Submission): number {
  return 500 + (correctedOutput?.length ?? 0) + labels.length + (comment?.length ?? 0);
}
