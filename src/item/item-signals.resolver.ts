import { Context, Float, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';

import { AllowInherited } from '../access/allow.js';
import type { RequestContext } from '../graphql/context.js';
import { RiskLevel } from '../project/risk-level.js';
import { ReviewItem } from './item.entity.js';
import { Sight } from './sight.js';
import { Signal } from './signal.js';

const HIDDEN = 'to whom the queue hides it before they answered.';

/** What the system thought of its output: what a queue that hides it keeps from who is to judge. */
@Resolver(() => ReviewItem)
export class ItemSignalsResolver {
  constructor(private readonly sight: Sight) {}

  @ResolveField(() => Float, {
    nullable: true,
    description: `The system's own confidence, 0 to 1; a double. Null also ${HIDDEN}`,
  })
  @AllowInherited()
  confidence(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<number | null> {
    return this.unlessHidden(context, item, item.confidence, null);
  }

  @ResolveField(() => RiskLevel, { nullable: true, description: `Null also ${HIDDEN}` })
  @AllowInherited()
  risk(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<RiskLevel | null> {
    return this.unlessHidden(context, item, item.risk, null);
  }

  @ResolveField(() => [String], { description: `Why the app flagged it. Empty also ${HIDDEN}` })
  @AllowInherited()
  reasons(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<string[]> {
    return this.unlessHidden(context, item, item.reasons, []);
  }

  @ResolveField(() => [Signal], { description: `What the app measured. Empty also ${HIDDEN}` })
  @AllowInherited()
  signals(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<Signal[]> {
    return this.unlessHidden(context, item, item.signals, []);
  }

  @ResolveField(() => Int, {
    nullable: true,
    description: `The version of the policy that chose the queue; null when the app did. Null also ${HIDDEN}`,
  })
  @AllowInherited()
  policyVersion(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<number | null> {
    return this.unlessHidden(context, item, item.policyVersion, null);
  }

  @ResolveField(() => String, { nullable: true, description: `The rule of that policy, by name. Null also ${HIDDEN}` })
  @AllowInherited()
  rule(@Parent() item: ReviewItem, @Context() context: RequestContext): Promise<string | null> {
    return this.unlessHidden(context, item, item.rule, null);
  }

  private async unlessHidden<Value>(
    context: RequestContext,
    item: ReviewItem,
    value: Value,
    none: Value,
  ): Promise<Value> {
    return (await this.sight.hidesSignals(context, item)) ? none : value;
  }
}
