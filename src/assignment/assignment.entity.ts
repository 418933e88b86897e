import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { Draft } from './draft.entity.js';
import type { Shown } from './shown.js';

export enum AssignmentStatus {
  LEASED = 'LEASED',
  SUBMITTED = 'SUBMITTED',
  RELEASED = 'RELEASED',
  SKIPPED = 'SKIPPED',
  EXPIRED = 'EXPIRED',
  ESCALATED = 'ESCALATED',
}
registerEnumType(AssignmentStatus, {
  name: 'AssignmentStatus',
  valuesMap: { ESCALATED: { description: 'The reviewer left the item to somebody more senior.' } },
});

/** A live lease: the row is deleted when it ends, however it ends, so `status` is a column of nothing. */
@Entity('assignment')
@Unique('assignment_slot_unique', ['projectId', 'itemId', 'slot'])
@Unique('assignment_member_unique', ['projectId', 'memberId', 'itemId'])
@Index('assignment_lease_expires_at', ['projectId', 'leaseExpiresAt'])
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'assignment_item' })
@ObjectType({ description: "A reviewer's hold on one of an item's review slots." })
@AllowInherited()
export class Assignment {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'assignment_pkey' })
  projectId: number;

  @Field(() => ID)
  @PrimaryColumn('uuid', { name: 'id', primaryKeyConstraintName: 'assignment_pkey' })
  id: string;

  @Column('uuid', { name: 'item_id' })
  itemId: string;

  @Column('smallint', { name: 'slot' })
  slot: number;

  @Column('uuid', { name: 'member_id' })
  memberId: string;

  @Column('uuid', { name: 'queue_id' })
  queueId: string;

  @Column('integer', { name: 'lane_id' })
  laneId: number;

  @Column('bigint', { name: 'rank' })
  rank: string;

  @Column('integer', { name: 'rubric_version' })
  rubricVersion: number;

  @Field(() => AssignmentStatus, {
    description: 'LEASED until the lease ends by submit, release, skip, escalation or expiry.',
  })
  status: AssignmentStatus;

  @Field(() => String, {
    description:
      'Present it on renew, save, release and submit. It changes with every lease; empty once the lease has ended.',
  })
  @Column('uuid', { name: 'lease_token' })
  leaseToken: string;

  @Column('integer', { name: 'lease_seconds' })
  leaseSeconds: number;

  @Field(() => DateTimeScalar, {
    description:
      "By the database's clock. From then on every write is refused with LEASE_LOST, even if nobody else was offered " +
      'the slot yet; renew in good time. Of a lease that ended, when it ended.',
  })
  @Column('timestamptz', { name: 'lease_expires_at' })
  leaseExpiresAt: Date;

  /** What the reviewer may see besides the evidence while they hold it, as the queue said at the claim; see shown.ts. */
  @Column('text', { name: 'shown', array: true, nullable: true })
  shown: Shown[] | null;

  @Column('timestamptz', { name: 'claimed_at', default: () => 'now()' })
  claimedAt: Date;

  @Field(() => Draft, {
    nullable: true,
    description: 'What the reviewer last saved for this item, under this lease or one before it.',
  })
  draft: Draft | null;
}
