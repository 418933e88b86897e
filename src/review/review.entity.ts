import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { Shown } from '../assignment/shown.js';
import { Verdict } from '../item/verdict.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { ReviewItem } from '../item/item.entity.js';

/** Never changed: a revision is a new row with the next number, which names the one that it supersedes. */
@Entity('review')
@Unique('review_slot_once', ['projectId', 'itemId', 'slot', 'revision'])
@Unique('review_member_once', ['projectId', 'memberId', 'itemId', 'revision'])
@Index('review_assignment', ['assignmentId'])
@Index('review_further', ['queueId', 'submittedAt'], { where: '((slot > 0) AND (revision = 0))' })
@Check('review_verdict_known', `verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')`)
@Check('review_correction', `verdict <> 'CORRECTED' OR corrected_output IS NOT NULL`)
@Check('review_confirmed_has_no_correction', `verdict <> 'CONFIRMED' OR corrected_output IS NULL`)
@Check('review_supersedes', `(revision = 0) = (supersedes IS NULL)`)
@Check('review_duration_range', `duration_ms >= 0`)
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'review_item' })
@ObjectType({ description: "One person's answer. Never changed; a revision is a new one that names the old." })
@AllowInherited()
export class Review {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'review_pkey' })
  projectId: number;

  @Field(() => ID)
  @PrimaryColumn('uuid', { name: 'id', primaryKeyConstraintName: 'review_pkey' })
  id: string;

  @Column('uuid', { name: 'item_id' })
  itemId: string;

  @Column('uuid', { name: 'queue_id' })
  queueId: string;

  @Column('smallint', { name: 'slot' })
  slot: number;

  @Field(() => Int, { description: '0 for what was submitted first; each revision counts one up.' })
  @Column('smallint', { name: 'revision', default: 0 })
  revision: number;

  @Column('uuid', { name: 'member_id' })
  memberId: string;

  @Column('uuid', { name: 'assignment_id' })
  assignmentId: string;

  @Column('uuid', { name: 'lease_token' })
  leaseToken: string;

  @Field(() => Int, { description: 'The version of the rubric that the assignment was given.' })
  @Column('integer', { name: 'rubric_version' })
  rubricVersion: number;

  @Field(() => Verdict)
  @Column('text', { name: 'verdict' })
  verdict: Verdict;

  @Field(() => JsonScalar, { nullable: true, description: 'What the output should have been.' })
  @Column('json', { name: 'corrected_output', nullable: true })
  correctedOutput: unknown;

  @Field(() => JsonScalar, { description: "Answers to the queue's rubric, by field name." })
  @Column('json', { name: 'labels', default: () => `'{}'` })
  labels: Record<string, unknown>;

  @Field(() => String, { nullable: true })
  @Column('text', { name: 'comment', nullable: true })
  comment: string | null;

  /** SHA-256 over the canonical form of the answer; see content-hash.ts. */
  @Column('bytea', { name: 'content_hash' })
  contentHash: Buffer;

  @Field(() => Int, { description: 'From claim to submit, by the clock of the database; 0 for a revision.' })
  @Column('integer', { name: 'duration_ms' })
  durationMs: number;

  @Field(() => ID, { nullable: true, description: 'The review that this one revises.' })
  @Column('uuid', { name: 'supersedes', nullable: true })
  supersedes: string | null;

  @Field(() => [Shown], {
    nullable: true,
    description: 'What the reviewer could see besides the evidence when they answered; null where it was not recorded.',
  })
  @Column('text', { name: 'shown', array: true, nullable: true })
  shown: Shown[] | null;

  @Field(() => DateTimeScalar)
  @Column('timestamptz', { name: 'submitted_at', default: () => 'now()' })
  submittedAt: Date;
}
