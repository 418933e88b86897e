import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { ReviewItem } from '../item/item.entity.js';

/** An item that a member will not be offered again. */
@Entity('skip')
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'skip_item' })
export class Skip {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'skip_pkey' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'member_id', primaryKeyConstraintName: 'skip_pkey' })
  memberId: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'skip_pkey' })
  itemId: string;

  @Column('text', { name: 'reason', nullable: true })
  reason: string | null;

  @Column('timestamptz', { name: 'skipped_at', default: () => 'now()' })
  skippedAt: Date;
}
