import { Args, Field, Mutation, ObjectType, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { SetupEffect } from './setup.js';
import { ApplySetupInput } from './setup.input.js';
import { SetupService } from './setup.service.js';

@ObjectType()
@AllowInherited()
export class SetupChange {
  @Field(() => String, { description: '`queue`, `policy`, `dataset`.' })
  kind: string;

  @Field(() => String)
  key: string;

  @Field(() => SetupEffect)
  what: SetupEffect;

  @Field(() => [String], { description: 'For people, a line for each; long values are cut.' })
  differences: readonly string[];
}

@ObjectType()
@AllowInherited()
export class ApplySetupPayload {
  @Field(() => [SetupChange], { description: 'One for each thing that the document names, in its order.' })
  changes: readonly SetupChange[];

  @Field(() => String, { description: 'Of these changes; pass it as `expectedHash` to make these and no others.' })
  hash: string;

  @Field(() => Boolean, { description: 'Something was changed: false after a dry run and when all was so already.' })
  applied: boolean;
}

@Resolver()
export class SetupResolver {
  constructor(private readonly setup: SetupService) {}

  @Mutation(() => ApplySetupPayload, {
    description:
      'Makes the project what the document says, in one transaction; a second time changes nothing. INVALID_INPUT lists ' +
      'every fault with its path in `extensions.faults`.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  applySetup(@CurrentViewer() viewer: Viewer, @Args('input') input: ApplySetupInput): Promise<ApplySetupPayload> {
    const { dryRun, expectedHash } = input;
    return this.setup.apply(viewer, input.document, { dryRun, ...(expectedHash != null && { expectedHash }) });
  }
}
