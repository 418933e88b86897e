import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';

@Entity('snapshot')
@ObjectType({ description: 'A frozen list of case revisions. The same snapshot exports the same bytes for ever.' })
@AllowInherited()
export class Snapshot {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('uuid')
  @Field(() => ID)
  id: string;

  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @Column('integer')
  @Field(() => Int, { description: 'From 1, in each dataset.' })
  version: number;

  /** The state of the dataset that is frozen. A bigint, so pg hands it over as text. */
  @Column('bigint')
  position: string;

  @Column('bytea', { name: 'hash' })
  hashBytes: Buffer;

  @Field(() => String, {
    name: 'hash',
    description: '"sha256:" and the hash over the lines "id revision content_hash" of its cases, sorted by id.',
  })
  get hash(): string {
    return `sha256:${this.hashBytes.toString('hex')}`;
  }

  @Column('integer', { name: 'case_count' })
  @Field(() => Int)
  caseCount: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}
