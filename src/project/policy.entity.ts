import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from '../access/allow.js';
import { DateTimeScalar } from '../graphql/date-time.scalar.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import type { PolicyRule } from './policy.js';

/** Ordered rules that route flagged outputs. The highest version is active; none is ever changed. */
@Entity('policy')
@ObjectType({ description: 'Ordered rules that say which outputs a person looks at. The highest version is active.' })
@AllowInherited()
export class Policy {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('integer')
  @Field(() => Int, { description: 'From 1, counted per project.' })
  version: number;

  @Column('json')
  @Field(() => JsonScalar, {
    description:
      'A list of rules {name, when?, sample, decision, queue?, priority?, dueInSeconds?}. The first whose condition ' +
      'matches and whose sample holds the output decides; the last is the default.',
  })
  rules: PolicyRule[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  @Field(() => DateTimeScalar)
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  @Field(() => String, { description: '`member:<id>`, `key:<key id>` or `system`.' })
  createdBy: string;
}
