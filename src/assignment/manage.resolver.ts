import { Args, Mutation, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { ItemQueries } from '../item/item.queries.js';
import { AssignService } from './assign.service.js';
import {
  AssignItemInput,
  AssignItemsInput,
  BumpItemsInput,
  MoveItemsInput,
  UnassignInput,
  UnassignItemsInput,
  WithdrawItemsInput,
} from './bulk.input.js';
import { AssignItemPayload, BulkPayload } from './bulk.payload.js';
import { BulkService } from './bulk.service.js';

const MANAGERS = { scopes: [ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER] };

@Resolver()
export class ManageResolver {
  constructor(
    private readonly assigning: AssignService,
    private readonly bulk: BulkService,
    private readonly items: ItemQueries,
  ) {}

  @Mutation(() => AssignItemPayload, {
    description:
      'Hands a free review of an item to a member, whatever their skills; `assignmentChanged` tells them. Nobody else’s ' +
      'lease is taken over. Errors: NOT_FOUND, ALREADY_RESOLVED, INVALID_INPUT (no review is free; they reviewed, hold or wrote it).',
  })
  @Allow(MANAGERS)
  async assignItem(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => AssignItemInput }) input: AssignItemInput,
  ): Promise<AssignItemPayload> {
    return this.payload(viewer, await this.assigning.assign(viewer, input.itemId, input.memberId));
  }

  @Mutation(() => AssignItemPayload, {
    description:
      'Ends a lease: the item is offered again at its place, the draft is kept, `assignmentChanged` tells the member. ' +
      'Errors: NOT_FOUND.',
  })
  @Allow(MANAGERS)
  async unassign(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => UnassignInput }) input: UnassignInput,
  ): Promise<AssignItemPayload> {
    return this.payload(viewer, await this.assigning.unassign(viewer, input.assignmentId));
  }

  @Mutation(() => BulkPayload, {
    description:
      'Hands a free review of each item to a member, as `assignItem` does. Items of which none is free, or that they ' +
      'may not review, are skipped. Errors: NOT_FOUND (no such active member who may review), INVALID_INPUT.',
  })
  @Allow(MANAGERS)
  assignItems(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => AssignItemsInput }) input: AssignItemsInput,
  ): Promise<BulkPayload> {
    const { memberId } = input;
    const change = (ids: string[]) => this.assigning.assignEach(viewer, ids, memberId);
    return this.bulk.run(viewer, input, { action: 'ASSIGN', memberId, change });
  }

  @Mutation(() => BulkPayload, {
    description:
      'Ends every lease on these items, as `unassign` does. Items that nobody holds are skipped. Errors: INVALID_INPUT.',
  })
  @Allow(MANAGERS)
  unassignItems(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => UnassignItemsInput }) input: UnassignItemsInput,
  ): Promise<BulkPayload> {
    const change = (ids: string[]) => this.assigning.unassignEach(viewer, ids);
    return this.bulk.run(viewer, input, { action: 'UNASSIGN', change });
  }

  @Mutation(() => BulkPayload, {
    description:
      'Moves items that nobody holds or has reviewed to another queue. They keep place and deadline, and ' +
      'need as many reviews as that queue says. Its deadline steps follow; those that they took there since their ' +
      'deadline are not taken again. Errors: NOT_FOUND (no such queue), INVALID_INPUT.',
  })
  @Allow(MANAGERS)
  moveItems(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => MoveItemsInput }) input: MoveItemsInput,
  ): Promise<BulkPayload> {
    return this.bulk.move(viewer, input, input.queue);
  }

  @Mutation(() => BulkPayload, {
    description:
      'Gives waiting items another priority, deadline or both. Live leases go on. By a later deadline, the deadline steps ' +
      'begin anew. Errors: INVALID_INPUT.',
  })
  @Allow(MANAGERS)
  bumpItems(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => BumpItemsInput }) input: BumpItemsInput,
  ): Promise<BulkPayload> {
    return this.bulk.bump(viewer, input, input.priority ?? null, input.dueAt ?? null);
  }

  @Mutation(() => BulkPayload, {
    description: 'Withdraws items that nobody holds at the moment, as `withdrawItem` does. Errors: INVALID_INPUT.',
  })
  @Allow(MANAGERS)
  withdrawItems(
    @CurrentViewer() viewer: Viewer,
    @Args('input', { type: () => WithdrawItemsInput }) input: WithdrawItemsInput,
  ): Promise<BulkPayload> {
    return this.bulk.withdraw(viewer, input, input.reason ?? null);
  }

  private async payload(viewer: Viewer, itemId: string): Promise<AssignItemPayload> {
    const [item] = await this.items.byIds(viewer.projectId, [itemId]);
    if (!item) throw new Refusal('NOT_FOUND', 'There is no such item.');
    return { item };
  }
}
