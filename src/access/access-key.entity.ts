import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';

import { AllowInherited } from './allow.js';
import { ApiKeyScope } from './viewer.js';

export enum AccessKeyKind {
  API_KEY = 'API_KEY',
  PERSONAL_TOKEN = 'PERSONAL_TOKEN',
  SESSION = 'SESSION',
  SIGN_IN_LINK = 'SIGN_IN_LINK',
}
registerEnumType(AccessKeyKind, {
  name: 'AccessKeyKind',
  description: 'API_KEY acts for an app, the others for a member. A SIGN_IN_LINK works once, for 15 minutes.',
});

/** A credential without its secret: nothing here, and nothing in the database, lets anybody sign in. */
@Entity('access_key')
@ObjectType({ description: 'An API key, personal token, browser session or sign-in link; never its secret.' })
@AllowInherited()
export class AccessKey {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @Field(() => ID)
  @PrimaryColumn('text', { name: 'id' })
  id: string;

  @Field(() => AccessKeyKind)
  @Column('text', { name: 'kind' })
  kind: AccessKeyKind;

  @Field(() => String, { description: 'Where it is used; of a session, the browser that it was opened in.' })
  @Column('text', { name: 'name' })
  name: string;

  @Column('bytea', { name: 'secret_hmac', select: false })
  secretHmac: Buffer;

  @Field(() => [ApiKeyScope], { description: 'Empty for whatever acts for a member: their role decides.' })
  @Column('text', { name: 'scopes', array: true, default: [] })
  scopes: ApiKeyScope[];

  @Field(() => ID, { nullable: true, description: 'Null for an API key.' })
  @Column('uuid', { name: 'member_id', nullable: true })
  memberId: string | null;

  /** Of a session: the token that it was opened with. */
  @Column('text', { name: 'opened_with', nullable: true })
  openedWith: string | null;

  @Field(() => Date)
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Field(() => String, { description: '`member:<id>`, `key:<id>` or `system`.' })
  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Field(() => Date, { nullable: true, description: 'Null for never.' })
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Field(() => Date, { nullable: true })
  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;
}
