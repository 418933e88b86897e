import { Args, Field, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';

import { AccessQueries, MOST_LISTED } from './access.queries.js';
import { Allow, AllowInherited } from './allow.js';
import { CurrentViewer } from './current-viewer.js';
import { Member } from './member.entity.js';
import { CreateMemberInput, UpdateMemberInput } from './member.input.js';
import { MemberService } from './member.service.js';
import { ApiKeyScope, Role, type Viewer } from './viewer.js';

@ObjectType()
@AllowInherited()
export class MemberPayload {
  @Field(() => Member)
  member: Member;
}

@Resolver(() => Member)
export class MemberResolver {
  constructor(
    private readonly service: MemberService,
    private readonly queries: AccessQueries,
  ) {}

  @Query(() => [Member], {
    description: `By name, deactivated ones too; up to ${MOST_LISTED}. \`memberList\` has them all.`,
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER], scopes: [ApiKeyScope.MANAGE] })
  members(@CurrentViewer() viewer: Viewer): Promise<Member[]> {
    return this.queries.members(viewer.projectId);
  }

  @Mutation(() => MemberPayload, { description: 'Refused with INVALID_INPUT when the name is taken.' })
  @Allow({ roles: [Role.ADMIN] })
  async createMember(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => CreateMemberInput }) input: CreateMemberInput,
  ): Promise<MemberPayload> {
    return this.payload(viewer, await this.service.create(viewer, input));
  }

  @Mutation(() => MemberPayload, {
    description:
      'Refused with NOT_FOUND, and with INVALID_INPUT when the name is taken or no active admin would be left.',
  })
  @Allow({ roles: [Role.ADMIN] })
  async updateMember(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => UpdateMemberInput }) input: UpdateMemberInput,
  ): Promise<MemberPayload> {
    return this.payload(viewer, await this.service.update(viewer, input));
  }

  private async payload(viewer: Viewer, memberId: string): Promise<MemberPayload> {
    return { member: (await this.queries.member(viewer.projectId, memberId)) as Member };
  }
}
