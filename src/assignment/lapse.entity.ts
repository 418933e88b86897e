import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { ReviewItem } from '../item/item.entity.js';

/** A lease that ended without a review, kept for a while: it says where work that comes too late belongs. */
@Entity('lapse')
@Check('lapse_ended_as_known', `ended_as IN ('RELEASED', 'SKIPPED', 'EXPIRED', 'ESCALATED')`)
@Index('lapse_ended_at', ['projectId', 'endedAt'])
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'lapse_item' })
export class Lapse {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'lapse_pkey' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'assignment_id', primaryKeyConstraintName: 'lapse_pkey' })
  assignmentId: string;

  @Column('uuid', { name: 'item_id' })
  itemId: string;

  @Column('uuid', { name: 'member_id' })
  memberId: string;

  @Column('uuid', { name: 'lease_token' })
  leaseToken: string;

  @Column('text', { name: 'ended_as' })
  endedAs: string;

  @Column('timestamptz', { name: 'ended_at', default: () => 'now()' })
  endedAt: Date;
}
