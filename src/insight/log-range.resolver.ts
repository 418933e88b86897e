import { Field, ObjectType, Query, Resolver } from '@nestjs/graphql';

import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { encodeCursor } from '../log/cursor.js';
import { LogQueries } from '../log/reader.queries.js';

@ObjectType({ description: "How far the project's log goes, as cursors for the `after` of a subscription." })
@AllowInherited()
export class LogRange {
  @Field(() => CursorScalar, { description: 'Before the oldest event that is kept: replays all there is.' })
  start: string;

  @Field(() => CursorScalar, { description: 'The last event now: read what you need, then subscribe after this.' })
  end: string;
}

@Resolver()
export class LogRangeResolver {
  constructor(private readonly queries: LogQueries) {}

  @Query(() => LogRange, { description: 'Where a first subscription can start without missing anything.' })
  @Allow({ scopes: Object.values(ApiKeyScope), roles: Object.values(Role) })
  async log(@CurrentViewer() { projectId }: Viewer): Promise<LogRange> {
    const { oldest, head } = await this.queries.bounds(projectId);
    return { start: encodeCursor(projectId, oldest - 1), end: encodeCursor(projectId, head) };
  }
}
