import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import type { RequestContext } from '../graphql/context.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemQueries } from '../item/item.queries.js';
import { type FlagInput, FlagOutputInput } from './flag.input.js';
import { FlagOutputPayload, FlagOutputsPayload } from './flag.payload.js';
import { IntakeService } from './intake.service.js';

const FLAGGERS = { scopes: [ApiKeyScope.FLAG], roles: [Role.ADMIN, Role.MANAGER] };

@Resolver(() => FlagOutputPayload)
export class FlagResolver {
  constructor(
    private readonly intake: IntakeService,
    private readonly items: ItemQueries,
  ) {}

  @Mutation(() => FlagOutputPayload, {
    description:
      'Hands an output over: for review, or to pass, as the policy decides. Answered when it is stored for good. Safe to ' +
      'repeat: the same externalId with the same content returns what is stored, with `duplicate: true`. ' +
      'DUPLICATE_CONFLICT, INVALID_INPUT, INVALID_JSON, PAYLOAD_TOO_LARGE (1 MiB of JSON unless configured otherwise), ' +
      'RATE_LIMITED, OVERLOADED.',
  })
  @Allow(FLAGGERS)
  flagOutput(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => FlagOutputInput }) input: FlagInput,
  ): Promise<FlagOutputPayload> {
    return this.intake.flag(viewer, input);
  }

  @Mutation(() => FlagOutputsPayload, {
    description:
      'Up to 1,000 at once, as a variable. A row that is refused is refused alone, with its own error: also for a wrong ' +
      'type, an unknown enum value or field (INVALID_INPUT), or JSON that cannot be kept exactly (INVALID_JSON). Rows ' +
      'that are written into the document, or as variables of their own, fail the whole call for these, and nothing is stored.',
  })
  @Allow(FLAGGERS)
  async flagOutputs(
    @CurrentViewer() viewer: Viewer,
    @Args('inputs', { type: () => [FlagOutputInput] }) inputs: FlagInput[],
  ): Promise<FlagOutputsPayload> {
    const outcomes = await this.intake.flagAll(viewer, inputs);
    const rows = outcomes.map((outcome, i) => {
      const { externalId } = inputs[i]!;
      if (!(outcome instanceof Refusal)) return { externalId, payload: outcome, error: null };
      return { externalId, payload: null, error: { code: outcome.code, message: outcome.message } };
    });
    return { rows };
  }

  @ResolveField(() => ReviewItem, { nullable: true, description: 'Null when the decision is PASS.' })
  @AllowInherited()
  item(
    @Parent() { item, itemId }: FlagOutputPayload,
    @CurrentViewer() viewer: Viewer,
    @Context() context: RequestContext,
  ): ReviewItem | null | Promise<ReviewItem | null> {
    return item ?? (itemId === null ? null : this.items.load(context, viewer.projectId, itemId));
  }
}
