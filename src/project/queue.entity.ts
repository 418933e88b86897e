import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { OnDeadline } from './on-deadline.js';

/** Where items of one kind wait, and how they are to be reviewed. Never deleted. */
@Entity('queue')
@ObjectType({ description: 'Where items of one kind wait, and how they are to be reviewed.' })
@AllowInherited()
export class Queue {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('uuid')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field(() => String, {
    description: 'What applications, files and commands call it: a-z, 0-9 and "-". Never changes.',
  })
  key: string;

  @Column('text')
  @Field(() => String)
  name: string;

  @Column('text', { default: '' })
  @Field(() => String, { description: 'What a reviewer reads before the first item. Plain text or Markdown.' })
  instructions: string;

  @Column('integer', { name: 'rubric_version' })
  rubricVersion: number;

  @Column('smallint', { name: 'reviews_required', default: 1 })
  @Field(() => Int, {
    description:
      'Reviews, by different people, until an item is resolved: 1 to 9. Items keep what they were flagged with.',
  })
  reviewsRequired: number;

  @Column('integer', { name: 'lease_seconds', default: 600 })
  @Field(() => Int, { description: 'Seconds that a reviewer holds an item without renewing: 1 to 86,400.' })
  leaseSeconds: number;

  @Column('integer', { name: 'sla_seconds', nullable: true })
  @Field(() => Int, { nullable: true, description: 'Seconds from arrival to deadline; null for none.' })
  slaSeconds: number | null;

  @Column('text', { array: true, default: '{}' })
  @Field(() => [String], { description: 'Skills that a member needs, all of them, to work this queue.' })
  skills: string[];

  @Column('boolean', { name: 'separate_groups', default: false })
  @Field(() => Boolean, {
    description: 'Whoever reviewed or holds an item is not offered another with the same group key.',
  })
  separateGroups: boolean;

  @Column('integer', { name: 'relax_skills_after_seconds', nullable: true })
  @Field(() => Int, {
    nullable: true,
    description: 'Seconds after which an item goes to anybody who works the queue, skills or not; null for never.',
  })
  relaxSkillsAfterSeconds: number | null;

  @Column('text', { name: 'on_deadline', default: OnDeadline.STAY_OPEN })
  @Field(() => OnDeadline, { description: 'What becomes of an item when its deadline passes unanswered.' })
  onDeadline: OnDeadline;

  @Column('boolean', { name: 'skip_reason_required', default: false })
  @Field(() => Boolean, { description: 'Whoever skips an item has to say why.' })
  skipReasonRequired: boolean;

  @Column('boolean', { name: 'blind', default: true })
  @Field(() => Boolean, { description: "A reviewer sees no others' reviews of an item before their own is in." })
  blind: boolean;

  @Column('boolean', { name: 'hides_signals', default: false })
  @Field(() => Boolean, {
    description: 'A reviewer sees neither confidence, risk, signals, reasons nor rule before their own review is in.',
  })
  hidesSignals: boolean;

  @Column('integer', { name: 'revise_within_seconds', default: 86_400 })
  @Field(() => Int, {
    description:
      'Seconds from their first answer to an item in which a reviewer may revise it: 0, which is never, to 31,536,000.',
  })
  reviseWithinSeconds: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
