import { Args, ID, Int, Query, Resolver } from '@nestjs/graphql';

import { Allow } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { decodeCursor } from '../log/cursor.js';
import { ItemHistoryConnection } from './history.js';
import { HistoryQueries } from './history.queries.js';
import { isUuid } from './item.cursor.js';

const MOST_A_PAGE = 200;

@Resolver()
export class HistoryResolver {
  constructor(private readonly history: HistoryQueries) {}

  @Query(() => ItemHistoryConnection, {
    description:
      'All that happened to an item, from the log, oldest first; nothing for an item that is not there. ' +
      `\`first\` is 1 to ${MOST_A_PAGE}; \`after\` a cursor of this list or of a subscription.`,
  })
  @Allow({ scopes: [ApiKeyScope.READ, ApiKeyScope.MANAGE], roles: [Role.ADMIN, Role.MANAGER, Role.VIEWER] })
  itemHistory(
    @CurrentViewer() { projectId, member }: Viewer,
    @Args('itemId', { type: () => ID }) itemId: string,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<ItemHistoryConnection> {
    if (!isUuid(itemId)) throw new Refusal('INVALID_INPUT', 'itemId must be a UUID.');
    if (first < 1 || first > MOST_A_PAGE) {
      throw new Refusal('INVALID_INPUT', `first: ${first} is out of range; ask for 1 to ${MOST_A_PAGE} events a page.`);
    }
    const start = after == null ? 0 : decodeCursor(projectId, after);
    return this.history.ofItem(projectId, itemId.toLowerCase(), { first, after: start, memberId: member?.id ?? null });
  }
}
