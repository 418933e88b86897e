import { Field, ObjectType } from '@nestjs/graphql';
import { Column } from 'typeorm';

import { AllowInherited } from '../access/allow.js';

/** A model or prompt and which version of it. In the table two columns, both filled or both empty. */
@ObjectType({ description: 'A model or a prompt, and which version of it.' })
@AllowInherited()
export class VersionRef {
  @Field(() => String)
  @Column('text', { name: 'name', nullable: true })
  name: string;

  @Field(() => String)
  @Column('text', { name: 'version', nullable: true })
  version: string;
}
