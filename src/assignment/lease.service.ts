import { Injectable } from '@nestjs/common';

import { Database, type Statement } from '../database/database.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { type Assignment, AssignmentStatus } from './assignment.entity.js';
import { type AssignmentRow, toAssignment } from './assignment.queries.js';
import { releaseSql, renewSql, saveDraftSql, skipRuleSql } from './lease.sql.js';
import { type Lease, LostLeaseService, type Work, workParams } from './lost-lease.service.js';
import type { Reviewer } from './reviewer.js';
import { WorkLimits } from './work.limits.js';

/**
 * What a reviewer does with a lease besides submitting it. Each is one statement that repeats the fence; a lease that
 * does not hold is refused with the reason, after what was written has been kept.
 */
@Injectable()
export class LeaseService {
  constructor(
    private readonly database: Database,
    private readonly lostLease: LostLeaseService,
    private readonly hint: LogHint,
    private readonly limits: WorkLimits,
  ) {}

  async renew(reviewer: Reviewer, lease: Lease): Promise<Assignment> {
    const row = await this.write(reviewer, lease, { name: 'lease-renew', text: renewSql });
    return row ? toAssignment(row) : this.lostLease.refuse(reviewer, lease, null);
  }

  async saveDraft(reviewer: Reviewer, lease: Lease, work: Work): Promise<Assignment> {
    this.limits.check(work);
    const row = await this.write(reviewer, lease, { name: 'draft-save', text: saveDraftSql }, workParams(work));
    return row ? toAssignment(row) : this.lostLease.refuse(reviewer, lease, work);
  }

  async release(
    reviewer: Reviewer,
    lease: Lease,
    options: { skip: boolean; reason: string | null },
  ): Promise<Assignment> {
    const reason = options.reason?.trim() || null;
    if (options.skip && reason === null) await this.refuseWithoutReason(reviewer, lease);
    const params = [options.skip, reason];
    const row = await this.write(reviewer, lease, { name: 'lease-release', text: releaseSql }, params);
    if (!row) return this.lostLease.refuse(reviewer, lease, null);
    this.hint.wake(reviewer.projectId);
    return toAssignment(row, options.skip ? AssignmentStatus.SKIPPED : AssignmentStatus.RELEASED);
  }

  private async refuseWithoutReason({ projectId, member }: Reviewer, lease: Lease): Promise<void> {
    const params = [projectId, lease.assignmentId, member.id, lease.leaseToken];
    const [rule] = await this.database.query<{ skip_reason_required: boolean }>(skipRuleSql, params);
    if (rule?.skip_reason_required)
      throw new Refusal('INVALID_INPUT', 'reason: this queue asks why an item is skipped.');
  }

  private async write(
    { projectId, member }: Reviewer,
    { assignmentId, leaseToken }: Lease,
    statement: Statement,
    more: readonly unknown[] = [],
  ): Promise<AssignmentRow | undefined> {
    const params = [projectId, assignmentId, member.id, leaseToken, ...more];
    return (await this.database.query<AssignmentRow>(statement, params))[0];
  }
}
