import { Args, Field, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { DecideQuarantineInput } from './quarantine.input.js';
import { QuarantineService } from './quarantine.service.js';

@ObjectType()
@AllowInherited()
export class DecideQuarantinePayload {
  @Field(() => Int, { description: 'Fewer than were named when some do not wait any more.' })
  decided: number;
}

@Resolver()
export class QuarantineResolver {
  constructor(private readonly quarantine: QuarantineService) {}

  @Mutation(() => DecideQuarantinePayload, {
    description:
      'Lets items that wait in quarantine through, or refuses them, all in one transaction. Those that do not wait any ' +
      'more are left as they are. NOT_FOUND without such a dataset.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  async decideQuarantine(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => DecideQuarantineInput }) input: DecideQuarantineInput,
  ): Promise<DecideQuarantinePayload> {
    return { decided: await this.quarantine.decide(viewer, input) };
  }
}
