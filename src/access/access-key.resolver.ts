import { Args, Field, ID, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isUUID } from 'class-validator';

import { Refusal } from '../errors.js';
import { AccessKey } from './access-key.entity.js';
import {
  CreateApiKeyInput,
  CreatePersonalTokenInput,
  CreateSignInLinkInput,
  RevokeKeyInput,
  SignOutEverywhereInput,
} from './access-key.input.js';
import { AccessKeyService } from './access-key.service.js';
import { AccessQueries, MOST_LISTED } from './access.queries.js';
import { Allow, AllowInherited } from './allow.js';
import { CurrentViewer } from './current-viewer.js';
import { Role, type Viewer } from './viewer.js';

const MEMBERS = { roles: Object.values(Role) };

@ObjectType()
@AllowInherited()
export class CreateKeyPayload {
  @Field(() => AccessKey)
  key: AccessKey;

  @Field(() => String, { description: 'The credential itself. Shown here and never again.' })
  token: string;
}

@ObjectType()
@AllowInherited()
export class CreateSignInLinkPayload {
  @Field(() => String, { description: 'The path to open, on this service. Works once, within 15 minutes.' })
  path: string;
}

@ObjectType()
@AllowInherited()
export class RevokeKeyPayload {
  @Field(() => AccessKey)
  key: AccessKey;
}

@ObjectType()
@AllowInherited()
export class SignOutEverywherePayload {
  @Field(() => Int, { description: 'How many sessions and sign-in links were ended.' })
  ended: number;
}

@Resolver(() => AccessKey)
export class AccessKeyResolver {
  constructor(
    private readonly service: AccessKeyService,
    private readonly queries: AccessQueries,
  ) {}

  @Query(() => [AccessKey], {
    description: `Newest first, up to ${MOST_LISTED}; \`accessKeyList\` has them all. An admin sees all, everybody else their own.`,
  })
  @Allow(MEMBERS)
  accessKeys(
    @CurrentViewer() viewer: Viewer,
    @Args('memberId', { type: () => ID, nullable: true, description: 'Only what acts for this member.' })
    memberId?: string,
    @Args('revoked', { type: () => Boolean, defaultValue: false, description: 'Revoked ones too.' })
    isRevoked = false,
  ): Promise<AccessKey[]> {
    if (memberId && !isUUID(memberId)) throw new Refusal('INVALID_INPUT', 'memberId must be a UUID.');
    const isAdmin = viewer.member?.role === Role.ADMIN;
    const only = isAdmin ? (memberId ?? undefined) : viewer.member?.id;
    return this.queries.accessKeys(viewer.projectId, { memberId: only, isRevoked });
  }

  @ResolveField(() => Boolean, { description: 'What this request came with: the session or token that asks.' })
  @AllowInherited()
  isCurrent(@Parent() { id }: AccessKey, @CurrentViewer() viewer: Viewer): boolean {
    return id === viewer.keyId;
  }

  @Mutation(() => CreateKeyPayload, { description: 'A key for an app. Only a person makes keys, a key never does.' })
  @Allow({ roles: [Role.ADMIN] })
  async createApiKey(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => CreateApiKeyInput }) input: CreateApiKeyInput,
  ): Promise<CreateKeyPayload> {
    const { keyId, token } = await this.service.createApiKey(viewer, input);
    return { key: await this.key(viewer, keyId), token };
  }

  @Mutation(() => CreateKeyPayload, {
    description: 'A token that acts for a member. NOT_FOUND for anybody but oneself or an admin.',
  })
  @Allow(MEMBERS)
  async createPersonalToken(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => CreatePersonalTokenInput }) input: CreatePersonalTokenInput,
  ): Promise<CreateKeyPayload> {
    const { keyId, token } = await this.service.createPersonalToken(viewer, input);
    return { key: await this.key(viewer, keyId), token };
  }

  @Mutation(() => CreateSignInLinkPayload, { description: 'A link that signs a member in to the page, once.' })
  @Allow({ roles: [Role.ADMIN] })
  async createSignInLink(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => CreateSignInLinkInput }) input: CreateSignInLinkInput,
  ): Promise<CreateSignInLinkPayload> {
    const { token } = await this.service.createSignInLink(viewer, input.memberId);
    return { path: `/sign-in#${token}` };
  }

  @Mutation(() => RevokeKeyPayload, {
    description:
      "Ends a key within seconds everywhere, open connections too. One's own, or by an admin any; NOT_FOUND otherwise.",
  })
  @Allow(MEMBERS)
  async revokeKey(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => RevokeKeyInput }) { keyId }: RevokeKeyInput,
  ): Promise<RevokeKeyPayload> {
    await this.service.revoke(viewer, keyId);
    return { key: await this.key(viewer, keyId) };
  }

  @Mutation(() => SignOutEverywherePayload, { description: 'Ends every browser session of a member. Tokens stay.' })
  @Allow(MEMBERS)
  async signOutEverywhere(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => SignOutEverywhereInput }) { memberId }: SignOutEverywhereInput,
  ): Promise<SignOutEverywherePayload> {
    return { ended: await this.service.signOutEverywhere(viewer, memberId) };
  }

  private async key(viewer: Viewer, keyId: string): Promise<AccessKey> {
    return (await this.queries.accessKey(viewer.projectId, keyId)) as AccessKey;
  }
}
