import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';

import { AccessQueries } from './access.queries.js';
import { Allow, AllowInherited, SIGNED_IN } from './allow.js';
import { CurrentViewer } from './current-viewer.js';
import { Member } from './member.entity.js';
import { ApiKeyScope, Role, type Viewer } from './viewer.js';

@ObjectType('Viewer', { description: 'Who calls: a member, or an app by its key.' })
@AllowInherited()
export class ViewerType {
  @Field(() => Member, { nullable: true, description: 'Null for an API key.' })
  member: Member | null;

  @Field(() => String, { nullable: true, description: 'The id of the API key; null for a member.' })
  apiKey: string | null;

  @Field(() => Role, { nullable: true, description: 'Null for an API key.' })
  role: Role | null;

  @Field(() => [ApiKeyScope], { description: 'Empty for a member: the role decides.' })
  scopes: readonly ApiKeyScope[];

  @Field(() => String, { description: "The project's key." })
  project: string;

  @Field(() => Date, { nullable: true, description: 'When the credential ends by itself; null for never.' })
  expiresAt: Date | null;
}

@Resolver(() => ViewerType)
export class ViewerResolver {
  constructor(private readonly queries: AccessQueries) {}

  @Query(() => ViewerType)
  @Allow(SIGNED_IN)
  async viewer(@CurrentViewer() viewer: Viewer): Promise<ViewerType> {
    const { member, projectId, projectKey, keyId, scopes, expiresAt } = viewer;
    return {
      member: member && (await this.queries.member(projectId, member.id)),
      apiKey: member ? null : keyId,
      role: member?.role ?? null,
      scopes,
      project: projectKey,
      expiresAt,
    };
  }
}
