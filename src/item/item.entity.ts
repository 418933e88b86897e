import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import type { RiskLevel } from '../project/risk-level.js';
import type { Evidence } from './evidence.entity.js';
import { ItemStatus, type StoredStatus } from './item.lifecycle.js';
import type { Signal } from './signal.js';
import { VersionRef } from './version-ref.js';

registerEnumType(ItemStatus, {
  name: 'ItemStatus',
  description: 'Where an item stands.',
  valuesMap: {
    OPEN: { description: 'Waits; nobody holds or has reviewed it.' },
    IN_REVIEW: { description: 'Somebody holds it, or a review is in and more are needed.' },
    NEEDS_ADJUDICATION: {
      description: 'Its reviews disagree, or a reviewer left it to somebody more senior; a manager decides.',
    },
    RESOLVED: { description: 'It has its final answer.' },
    WITHDRAWN: { description: 'Taken back without an answer.' },
  },
});

@ObjectType({ description: 'One output of a production system that a person is to judge.' })
@AllowInherited()
@Entity('item')
export class ReviewItem {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @Field(() => ID)
  @PrimaryColumn('uuid', { name: 'id' })
  id: string;

  @Field(() => String, { description: "The app's own id for this output." })
  @Column('text', { name: 'external_id' })
  externalId: string;

  @Column('uuid', { name: 'queue_id' })
  queueId: string;

  @Field(() => String)
  @Column('text', { name: 'source' })
  source: string;

  @Field(() => VersionRef, { nullable: true })
  @Column(() => VersionRef, { prefix: 'model_' })
  model: VersionRef | null;

  @Field(() => VersionRef, { nullable: true })
  @Column(() => VersionRef, { prefix: 'prompt_' })
  prompt: VersionRef | null;

  // What the system thought of its output is shown by item-signals.resolver.ts, or not.
  @Column('double precision', { name: 'confidence', nullable: true })
  confidence: number | null;

  @Column('text', { name: 'risk', nullable: true })
  risk: RiskLevel | null;

  @Column('text', { name: 'reasons', array: true, default: () => `'{}'` })
  reasons: string[];

  @Column('json', { name: 'signals', default: () => `'[]'` })
  signals: Signal[];

  @Field(() => [String])
  @Column('text', { name: 'tags', array: true, default: () => `'{}'` })
  tags: string[];

  @Field(() => String, {
    nullable: true,
    description: 'Items of one conversation, document or customer share it; dataset splits never separate them.',
  })
  @Column('text', { name: 'group_key', nullable: true })
  groupKey: string | null;

  @Field(() => String, { nullable: true })
  @Column('text', { name: 'trace_id', nullable: true })
  traceId: string | null;

  @Field(() => Int, { description: '0 to 9. Each step up counts as four hours of waiting.' })
  @Column('smallint', { name: 'priority', default: 0 })
  priority: number;

  @Field(() => DateTimeScalar, { nullable: true })
  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt: Date | null;

  /** The order of offering, lower is sooner; see intake/flag.sql.ts. A bigint, so pg hands it over as text. */
  @Column('bigint', { name: 'rank' })
  rank: string;

  @Column('text', { name: 'status', default: ItemStatus.OPEN })
  storedStatus: StoredStatus;

  /** Derived when the item is read; see item.lifecycle.ts. */
  @Field(() => ItemStatus)
  status: ItemStatus;

  @Field(() => Int, { description: 'How many people answer it, each alone.' })
  @Column('smallint', { name: 'reviews_required' })
  reviewsRequired: number;

  @Column('smallint', { name: 'reviews_done', default: 0 })
  reviewsDone: number;

  @Column('integer', { name: 'policy_version', nullable: true })
  policyVersion: number | null;

  @Column('text', { name: 'rule', nullable: true })
  rule: string | null;

  @Field(() => DateTimeScalar)
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'resolved_at', nullable: true })
  resolvedAt: Date | null;

  /** The payload, where whoever made this object had it at hand; otherwise a loader fetches it when it is asked for. */
  evidence?: Evidence;
}
