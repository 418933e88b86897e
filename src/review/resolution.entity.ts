import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { Verdict } from '../item/verdict.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { ReviewItem } from '../item/item.entity.js';

export enum ResolvedBy {
  CONSENSUS = 'CONSENSUS',
  ADJUDICATION = 'ADJUDICATION',
  DEADLINE = 'DEADLINE',
}
registerEnumType(ResolvedBy, {
  name: 'ResolvedBy',
  valuesMap: {
    CONSENSUS: { description: 'Most reviewers agree, or one was asked for.' },
    ADJUDICATION: { description: 'The reviewers disagreed or left it to somebody more senior, and a manager decided.' },
    DEADLINE: { description: 'Time was up before the reviews were in.' },
  },
});

@ObjectType({ description: 'How far the reviewers of an item agree.' })
@AllowInherited()
export class Agreement {
  @Field(() => String, {
    description:
      'percent: the share of pairs of reviewers who gave the same verdict. Agreement by chance is not taken off.',
  })
  metric: string;

  @Field(() => Float, { description: '0 to 1 for percent.' })
  value: number;
}

/** The item's final answer. A later revision replaces it; the log keeps each. */
@Entity('resolution')
@Check('resolution_verdict_known', `verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')`)
@Check('resolution_by_known', `by IN ('CONSENSUS', 'ADJUDICATION', 'DEADLINE')`)
@Check('resolution_adjudicator', `(by = 'ADJUDICATION') = (decided_by IS NOT NULL)`)
@Check('resolution_correction', `verdict <> 'CORRECTED' OR output IS NOT NULL`)
@Check('resolution_confirmed_is_original', `verdict <> 'CONFIRMED' OR output IS NULL`)
@Check('resolution_agreement_whole', `(agreement_metric IS NULL) = (agreement_value IS NULL)`)
@ForeignKey(() => ReviewItem, ['projectId', 'itemId'], ['projectId', 'id'], { name: 'resolution_item' })
@ObjectType({ description: "The item's final answer." })
@AllowInherited()
export class Resolution {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'resolution_pkey' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'resolution_pkey' })
  itemId: string;

  @Column('smallint', { name: 'revision', default: 0 })
  revision: number;

  @Field(() => Verdict)
  @Column('text', { name: 'verdict' })
  verdict: Verdict;

  /** Null when confirmed: then the item's own output stands, and the field's resolver gives it. */
  @Column('json', { name: 'output', nullable: true })
  output: unknown;

  @Field(() => JsonScalar, {
    description: 'By field name, the value that more than half of the reviews give; a field without one is left out.',
  })
  @Column('json', { name: 'labels', default: () => `'{}'` })
  labels: Record<string, unknown>;

  @Field(() => ResolvedBy)
  @Column('text', { name: 'by' })
  by: ResolvedBy;

  @Column('uuid', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('text', { name: 'agreement_metric', nullable: true })
  agreementMetric: string | null;

  @Column('double precision', { name: 'agreement_value', nullable: true })
  agreementValue: number | null;

  @Field(() => String, { nullable: true, description: 'What the adjudicator said of it.' })
  @Column('text', { name: 'comment', nullable: true })
  comment: string | null;

  @Field(() => DateTimeScalar)
  @Column('timestamptz', { name: 'resolved_at', default: () => 'now()' })
  resolvedAt: Date;
}
