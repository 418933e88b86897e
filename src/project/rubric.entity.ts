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
      'A list of fields {name, type, label, guidance?, required, shownIf?, …}. By type: BOOLEAN with values?; CHOICE and ' +
      'CHOICES with options [{value, label, guidance?}]; NUMBER with min?, max?, step?; SCALE, the numbers from min to max ' +
      'by step (1 if absent) with values? [{value, label?, guidance?}]; TEXT with minLength?, maxLength; SPANS with ' +
      'options, target? (a JSON pointer to the text in the output), minSpans?, maxSpans, overlap; RANKING with options, ' +
      'top?. shownIf is a list of {field, in} and {verdict}: the field is asked where all hold. Labels are answers by ' +
      'field name; of SPANS, [{start, end, label}] with end after the last, in Unicode code points from 0 of the ' +
      "item's output.",
  })
  fields: RubricField[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}
