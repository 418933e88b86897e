import { Column, Entity, PrimaryColumn } from 'typeorm';

import { IntakeDecision } from '../project/intake-decision.js';
import type { Seen } from '../project/condition.js';

/** What the policy saw of one external id and what was decided. It makes a repeated flag idempotent; no payload. */
@Entity('flag')
export class Flag {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('text', { name: 'external_id' })
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
