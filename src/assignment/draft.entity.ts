import { Field, ObjectType } from '@nestjs/graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { ReviewItem } from '../item/item.entity.js';
import { Verdict } from '../item/verdict.js';

/** What a person wrote and has not submitted; it outlives the lease and waits for the same person. */
@Entity('draft')
@Check('draft_verdict_known', `verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')`)
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'draft_item' })
@ObjectType({ description: 'What a reviewer wrote and has not submitted. It outlives the lease.' })
@AllowInherited()
export class Draft {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'draft_pkey' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'draft_pkey' })
  itemId: string;

  @PrimaryColumn('uuid', { name: 'member_id', primaryKeyConstraintName: 'draft_pkey' })
  memberId: string;

  @Field(() => Verdict, { nullable: true })
  @Column('text', { name: 'verdict', nullable: true })
  verdict: Verdict | null;

  @Field(() => JsonScalar, { nullable: true })
  @Column('json', { name: 'corrected_output', nullable: true })
  correctedOutput: unknown;

  @Field(() => JsonScalar, { nullable: true })
  @Column('json', { name: 'labels', nullable: true })
  labels: unknown;

  @Field(() => String, { nullable: true })
  @Column('text', { name: 'comment', nullable: true })
  comment: string | null;

  @Field(() => DateTimeScalar)
  @Column('timestamptz', { name: 'saved_at', default: () => 'now()' })
  savedAt: Date;
}
