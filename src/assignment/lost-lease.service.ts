import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { keepLateSql, whereaboutsSql } from './lapse.sql.js';
import type { Reviewer } from './reviewer.js';
import type { Verdict } from '../item/verdict.js';

/** What a caller presents to write under a lease. */
export interface Lease {
  readonly assignmentId: string;
  readonly leaseToken: string;
}

/** What a person wrote, complete or not. */
export interface Work {
  readonly verdict?: Verdict | null;
  readonly correctedOutput?: unknown;
  readonly labels?: unknown;
  readonly comment?: string | null;
}

interface Whereabouts {
  item_id: string;
  ended_as: 'LEASED' | 'SUBMITTED' | 'RELEASED' | 'SKIPPED' | 'EXPIRED' | 'ESCALATED';
  is_token_right: boolean;
  item_status: string;
}

/**
 * Says why a lease did not hold, after keeping what the person wrote.
 *
 * The work becomes their draft of the item and comes back with their next lease on it; `draftKept` in the error says
 * whether. It is not kept where it would overwrite something newer: under a lease that the person holds by now, or
 * after their own review.
 */
@Injectable()
export class LostLeaseService {
  constructor(private readonly database: Database) {}

  async refuse(reviewer: Reviewer, lease: Lease, work: Work | null): Promise<never> {
    const { projectId, member } = reviewer;
    const statement = { name: 'lease-whereabouts', text: whereaboutsSql };
    const params = [projectId, lease.assignmentId, member.id, lease.leaseToken];
    const [found] = await this.database.query<Whereabouts>(statement, params);
    if (!found) throw new Refusal('NOT_FOUND', 'You have no such assignment.');
    const draftKept = work !== null && (await this.keep(reviewer, found.item_id, work));
    const details = { itemId: found.item_id, draftKept };
    if (found.item_status === 'RESOLVED' || found.item_status === 'WITHDRAWN') {
      const what = found.item_status === 'RESOLVED' ? 'has its final answer' : 'was withdrawn';
      throw new Refusal('ALREADY_RESOLVED', `The item ${what}${draftKept ? '; what you wrote is kept' : ''}.`, details);
    }
    const kept = draftKept ? ' What you wrote is kept as your draft of the item.' : '';
    throw new Refusal('LEASE_LOST', `${reasonOf(found)}${kept}`, details);
  }

  private async keep({ projectId, member }: Reviewer, itemId: string, work: Work): Promise<boolean> {
    const kept = await this.database.query(keepLateSql, [projectId, itemId, member.id, ...workParams(work)]);
    return kept.length > 0;
  }
}

/** As the statements take it: verdict, correction, labels, comment. */
export function workParams({ verdict, correctedOutput, labels, comment }: Work): (string | null)[] {
  return [verdict ?? null, jsonOf(correctedOutput), jsonOf(labels), comment ?? null];
}

function jsonOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function reasonOf(found: Whereabouts): string {
  switch (found.ended_as) {
    case 'SUBMITTED':
      return 'This assignment was submitted already.';
    case 'RELEASED':
      return found.item_status === 'NEEDS_ADJUDICATION'
        ? 'The item was left to somebody more senior meanwhile.'
        : 'This assignment was given back.';
    case 'SKIPPED':
      return 'This assignment was given back.';
    case 'ESCALATED':
      return 'You left this item to somebody more senior.';
    case 'EXPIRED':
      return 'The lease ran out. Claim again to go on.';
    case 'LEASED':
      return found.is_token_right
        ? 'The lease was not valid at that moment; try again.'
        : 'This is not the token of the lease.';
  }
}
