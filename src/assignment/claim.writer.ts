import { Injectable } from '@nestjs/common';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import type { Assignment } from './assignment.entity.js';
import { type AssignmentRow, toAssignment } from './assignment.queries.js';
import { claimSql } from './claim.sql.js';
import { serveGoldSql } from './gold.sql.js';
import { MarkService } from './mark.service.js';
import type { Claimant } from './reviewer.js';

const UNIQUE_VIOLATION = '23505';

/** What is to take the place of one lease. */
interface Swap {
  readonly queueId: string;
  readonly itemId: string;
}

type ClaimRow = { far: number[]; swap: Swap | null } & (AssignmentRow | { id: null });

/** One attempt of a claim. */
export interface Attempt {
  readonly queue: string | null;
  readonly count: number;
  /** Begins at the lanes' floors. */
  readonly isFromFloor: boolean;
  /** Given unasked, and only while the member holds less than so many; left out when they ask. */
  readonly most?: number;
}

/** Turns tickets into leases, and now and then a known answer into one; see claim.sql.ts and gold.sql.ts. */
@Injectable()
export class ClaimWriter {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
    private readonly marks: MarkService,
  ) {}

  /**
   * Adds to `taken` at once what is theirs, so that it is known also when a later step fails. Adds nothing when the same
   * person's other claim took something of it at this moment.
   */
  async take(reviewer: Claimant, attempt: Attempt, taken: Assignment[], withGold = true): Promise<void> {
    const { projectId, member } = reviewer;
    const { queue, count, isFromFloor } = attempt;
    const ids = Array.from({ length: count }, () => uuidv7());
    const tokens = Array.from({ length: count }, () => uuidv4());
    const params = [projectId, member.id, queue, count, isFromFloor, ids, tokens, withGold, attempt.most ?? null];
    const rows = await this.write<ClaimRow>({ name: 'claim', text: claimSql }, params);
    const held = rows.filter((row): row is ClaimRow & AssignmentRow => row.id !== null).map((row) => toAssignment(row));
    taken.push(...held);
    if (held.length > 0) this.hint.wake(projectId);
    await this.marks.move(reviewer, rows[0]?.far ?? []);
    const swap = rows[0]?.swap ?? null;
    if (swap) await this.serve(reviewer, swap, { ...attempt, count: count - held.length }, taken);
  }

  /** A known answer, or, where the reviewer has answered all, what it would have taken the place of. */
  private async serve(reviewer: Claimant, swap: Swap, attempt: Attempt, taken: Assignment[]): Promise<void> {
    const { projectId, member } = reviewer;
    const params = [projectId, member.id, swap.queueId, swap.itemId, uuidv7(), uuidv4()];
    const [row] = await this.write<AssignmentRow>({ name: 'gold-serve', text: serveGoldSql }, params);
    if (!row) return this.take(reviewer, attempt, taken, false);
    this.hint.wake(projectId);
    taken.push(toAssignment(row));
  }

  private async write<Row extends object>(
    statement: { name: string; text: string },
    params: unknown[],
  ): Promise<Row[]> {
    try {
      return await this.database.query<Row>(statement, params);
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) return [];
      throw error;
    }
  }
}

/** The most urgent first. */
export function byRank(assignments: Assignment[]): Assignment[] {
  return assignments.sort((a, b) => {
    const [left, right] = [BigInt(a.rank), BigInt(b.rank)];
    return left < right ? -1 : left > right ? 1 : a.itemId < b.itemId ? -1 : 1;
  });
}
