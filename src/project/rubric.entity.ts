import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import type { RubricField } from './rubric.js';

/** The typed form of a queue. A version is never changed; reviews and live assignments name theirs. */
@Entity('rubric')
@ObjectType({ description: 'The form that a review fills in. A version never changes.' })
@AllowInherited()
export class Rubric {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'queue_id' })
  queueId: string;

  @PrimaryColumn('integer')
  @Field(() => Int, { description: 'From 1, counted per queue.' })
  version: number;

  @Column('json')
  @Field(() => JsonScalar, {
    description:
      'A list of fields {name, type, label, guidance?, required, …}. By type: BOOLEAN; CHOICE and CHOICES with options ' +
      '[{value, label, guidance?}]; NUMBER with min?, max?, step?; SCALE, whole numbers from min to max; TEXT with ' +
      'maxLength. Labels are answers by field name.',
  })
  fields: RubricField[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}
