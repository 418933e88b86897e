import { Field, ObjectType } from '@nestjs/graphql';

import { AccessKey } from '../access/access-key.entity.js';
import { AllowInherited } from '../access/allow.js';
import { Member } from '../access/member.entity.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { PageInfo } from '../graphql/page-info.js';

@ObjectType()
@AllowInherited()
export class MemberEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => Member)
  node: Member;
}

@ObjectType()
@AllowInherited()
export class MemberConnection {
  @Field(() => [MemberEdge])
  edges: MemberEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}

@ObjectType()
@AllowInherited()
export class AccessKeyEdge {
  @Field(() => CursorScalar)
  cursor: string;

  @Field(() => AccessKey)
  node: AccessKey;
}

@ObjectType()
@AllowInherited()
export class AccessKeyConnection {
  @Field(() => [AccessKeyEdge])
  edges: AccessKeyEdge[];

  @Field(() => PageInfo)
  pageInfo: PageInfo;
}
