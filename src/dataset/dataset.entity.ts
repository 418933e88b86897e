import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { Verdict } from '../item/verdict.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

@ObjectType({ description: 'In hundredths; the three add up to 100.' })
@AllowInherited()
export class DatasetSplit {
  @Field(() => Int)
  train: number;

  @Field(() => Int)
  validation: number;

  @Field(() => Int)
  test: number;
}

@ObjectType({ description: 'What a resolved item must have to become a case; what has less waits in quarantine.' })
@AllowInherited()
export class DatasetBar {
  @Field(() => [Verdict], { description: 'The verdicts that become cases.' })
  verdicts: readonly Verdict[];

  @Field(() => Float, {
    description: '0 to 1, of the agreement among the reviewers. With more than 0, one review alone does not pass.',
  })
  minAgreement: number;

  @Field(() => Int, { description: '0 to 100 people who reviewed it.' })
  minReviewers: number;

  @Field(() => Boolean, {
    description: 'Whether what an adjudicator decided passes, whatever agreement and reviewers it had.',
  })
  adjudicatedPasses: boolean;
}

/** Eval cases that belong together, and which queues feed them. */
@Entity('dataset')
@Index('dataset_key_unique', ['projectId', 'key'], { unique: true })
@Check('dataset_key_form', `key ~ '^[a-z0-9][a-z0-9-]{0,62}$'`)
@ObjectType({ description: 'Eval cases that belong together. Its queues feed it: each resolved item becomes a case.' })
@AllowInherited()
export class Dataset {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('uuid')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field(() => String, { description: 'What files, URLs and commands call it: a-z, 0-9 and "-". Never changes.' })
  key: string;

  @Column('text')
  @Field(() => String)
  name: string;

  /** Makes the pseudonyms of reviewers in exports; only the statement that needs it reads it. */
  @Column('text', { select: false })
  salt: string;

  @Column('smallint', { name: 'train_percent', default: 0 })
  trainPercent: number;

  @Column('smallint', { name: 'validation_percent', default: 0 })
  validationPercent: number;

  @Column('smallint', { name: 'test_percent', default: 100 })
  testPercent: number;

  @Column('text', { name: 'bar_verdicts', array: true, default: ['CONFIRMED', 'CORRECTED', 'REJECTED'] })
  barVerdicts: Verdict[];

  @Column('double precision', { name: 'bar_min_agreement', default: 0 })
  barMinAgreement: number;

  @Column('smallint', { name: 'bar_min_reviewers', default: 0 })
  barMinReviewers: number;

  @Column('boolean', { name: 'bar_adjudicated_passes', default: true })
  barAdjudicatedPasses: boolean;

  @Column('integer', { name: 'case_count', default: 0 })
  @Field(() => Int, { description: 'Cases that are not retracted. Follows a resolution within about a second.' })
  caseCount: number;

  /** Bytes of the longest record that it ever had: bounds a page of an export without a look at its sizes. */
  @Column('integer', { name: 'largest_record', default: 0 })
  largestRecord: number;

  /** How many times it changed; see the migration. A bigint, so pg hands it over as text. */
  @Column('bigint', { default: 0 })
  position: string;

  /** How far its cases from before inputs were compared have been taken in; null when all are. See near.older.ts. */
  @Column('uuid', { name: 'compare_after', nullable: true })
  compareAfter: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  @Field(() => DateTimeScalar)
  createdAt: Date;
}
