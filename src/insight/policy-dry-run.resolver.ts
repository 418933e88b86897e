import { Args, Field, InputType, Int, Query, Resolver } from '@nestjs/graphql';
import { IsDefined, IsInt, Max, Min } from 'class-validator';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { JsonScalar } from '../graphql/json.scalar.js';
import { PolicyDryRun } from './policy-dry-run.js';
import { PolicyDryRunService } from './policy-dry-run.service.js';

@InputType()
export class PolicyDryRunInput {
  @Field(() => JsonScalar, { description: 'A list of 1 to 100 rules, see `Policy.rules`.' })
  @IsDefined()
  rules: unknown;

  @Field(() => Int, { defaultValue: 7, description: 'How many days back from now: 1 to 90.' })
  @IsInt()
  @Min(1)
  @Max(90)
  days: number;
}

@Resolver()
export class PolicyDryRunResolver {
  constructor(private readonly service: PolicyDryRunService) {}

  @Query(() => PolicyDryRun, {
    description:
      'What these rules would have done with what was flagged in the last days. Changes nothing. INVALID_INPUT lists ' +
      'every fault in `extensions.faults`, with line and column inside a condition; OVERLOADED when it takes too long.',
  })
  @Allow({ scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] })
  policyDryRun(
    @CurrentViewer() { projectId }: Viewer,
    @Args('input', { type: () => PolicyDryRunInput }) input: PolicyDryRunInput,
  ): Promise<PolicyDryRun> {
    return this.service.run(projectId, input);
  }
}
