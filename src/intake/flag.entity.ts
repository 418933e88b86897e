import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { IntakeDecision } from '../project/intake-decision.js';
import type { Seen } from '../project/condition.js';

/** What the policy saw of one external id and what was decided. It makes a repeated flag idempotent; no payload. */
@Entity('flag')
@Index('flag_passed', ['projectId', 'flaggedAt'], { where: `decision = 'PASS'` })
@Check('flag_decision_known', `decision IN ('REVIEW', 'PASS')`)
@Check('flag_review_has_item', `(decision = 'REVIEW') = (item_id IS NOT NULL)`)
@Check('flag_rule_has_version', `(rule IS NULL) = (policy_version IS NULL)`)
@Check('flag_pass_has_rule', `decision = 'REVIEW' OR rule IS NOT NULL`)
export class Flag {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'flag_pkey' })
  projectId: number;

  @PrimaryColumn('text', { name: 'external_id', primaryKeyConstraintName: 'flag_pkey' })
  externalId: string;

  @Column('bytea', { name: 'content_hash' })
  contentHash: Buffer;

  @Column('text', { name: 'decision' })
  decision: IntakeDecision;

  @Column('uuid', { name: 'item_id', nullable: true })
  itemId: string | null;

  @Column('integer', { name: 'policy_version', nullable: true })
  policyVersion: number | null;

  @Column('text', { name: 'rule', nullable: true })
  rule: string | null;

  /** As the log names an actor. Who flagged it may withdraw it. */
  @Column('text', { name: 'flagged_by' })
  flaggedBy: string;

  @Column('json', { name: 'seen' })
  seen: Seen;

  @Column('timestamptz', { name: 'flagged_at', default: () => 'now()' })
  flaggedAt: Date;
}
