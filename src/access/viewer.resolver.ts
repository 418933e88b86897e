import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from './allow.js';
import { CurrentViewer } from './current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from './viewer.js';

@ObjectType('Viewer')
@AllowInherited()
export class ViewerType {
  @Field(() => String)
  project: string;
}

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType)
  @Allow({ scopes: Object.values(ApiKeyScope), roles: Object.values(Role) })
  viewer(@CurrentViewer() viewer: Viewer): ViewerType {
    return { project: viewer.projectKey };
  }
}
