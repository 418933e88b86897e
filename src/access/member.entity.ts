import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from './allow.js';
import { Role } from './viewer.js';

/** A person. Never deleted: reviews and the log name them. */
@Entity('member')
@ObjectType({ description: 'A person who reviews, manages or reads.' })
@AllowInherited()
export class Member {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @Field(() => ID)
  @PrimaryColumn('uuid', { name: 'id' })
  id: string;

  @Field(() => String)
  @Column('text', { name: 'name' })
  name: string;

  @Field(() => Role)
  @Column('text', { name: 'role' })
  role: Role;

  @Field(() => [String], { description: 'What a queue may ask for.' })
  @Column('text', { name: 'skills', array: true, default: [] })
  skills: string[];

  @Field(() => Int, { description: 'Live leases that the member may hold at once: 1 to 100.' })
  @Column('smallint', { name: 'capacity', default: 10 })
  capacity: number;

  @Field(() => Date)
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when the member may no longer sign in; null while they may.',
  })
  @Column('timestamptz', { name: 'deactivated_at', nullable: true })
  deactivatedAt: Date | null;
}
