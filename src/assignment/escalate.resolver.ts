import { Args, Mutation, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { ItemQueries } from '../item/item.queries.js';
import { AssignItemPayload } from './bulk.payload.js';
import { EscalateInput } from './escalate.input.js';
import { EscalateService } from './escalate.service.js';
import { reviewerOf } from './reviewer.js';

@Resolver()
export class EscalateResolver {
  constructor(
    private readonly escalations: EscalateService,
    private readonly items: ItemQueries,
  ) {}

  @Mutation(() => AssignItemPayload, {
    description:
      'Leaves an item to somebody more senior, with a note: it waits for adjudication from then on and is offered to ' +
      'nobody; who else holds it loses it, and what they wrote is kept as their draft. The same again gives the same. ' +
      'Errors: LEASE_LOST, ALREADY_RESOLVED, INVALID_INPUT, DUPLICATE_CONFLICT (escalated before, with another note), NOT_FOUND.',
  })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER, Role.REVIEWER] })
  async escalate(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => EscalateInput }) input: EscalateInput,
  ): Promise<AssignItemPayload> {
    const itemId = await this.escalations.escalate(reviewerOf(viewer), input, input.note);
    const [item] = await this.items.byIds(viewer.projectId, [itemId]);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    return { item };
  }
}
