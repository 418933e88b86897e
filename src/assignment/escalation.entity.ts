import { Field, ObjectType } from '@nestjs/graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { ReviewItem } from '../item/item.entity.js';

/** Why a reviewer left an item to somebody more senior. */
@Entity('escalation')
@Check('escalation_note_said', `note <> ''`)
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'escalation_item' })
@ObjectType({ description: 'A reviewer left an item to somebody more senior.' })
@AllowInherited()
export class Escalation {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'escalation_pkey' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'escalation_pkey' })
  itemId: string;

  @PrimaryColumn('uuid', { name: 'assignment_id', primaryKeyConstraintName: 'escalation_pkey' })
  assignmentId: string;

  @Column('uuid', { name: 'member_id' })
  memberId: string;

  @Field(() => String, { description: 'Why, as the reviewer put it.' })
  @Column('text', { name: 'note' })
  note: string;

  @Field(() => DateTimeScalar)
  @Column('timestamptz', { name: 'escalated_at', default: () => 'now()' })
  escalatedAt: Date;
}
