import { Args, Context, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isUUID } from 'class-validator';
import DataLoader from 'dataloader';

import { AccessKey } from '../access/access-key.entity.js';
import { AccessQueries } from '../access/access.queries.js';
import { Allow, AllowInherited } from '../access/allow.js';
import { CurrentViewer } from '../access/current-viewer.js';
import { Member } from '../access/member.entity.js';
import { ApiKeyScope, Role, type Viewer } from '../access/viewer.js';
import { Refusal } from '../errors.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { CursorScalar } from '../graphql/cursor.scalar.js';
import { AccessKeyConnection, MemberConnection } from './people.connection.js';
import { decodeKeyCursor, decodeMemberCursor, encodeKeyCursor, encodeMemberCursor } from './people.cursor.js';

const MOST_A_PAGE = 100;

/** Members and keys page by page, however many there are. */
@Resolver(() => AccessKey)
export class PeopleResolver {
  constructor(private readonly queries: AccessQueries) {}

  @Query(() => MemberConnection, { description: 'By name, deactivated ones too. `first` is 1 to 100.' })
  @Allow({ roles: [Role.ADMIN, Role.MANAGER], scopes: [ApiKeyScope.MANAGE] })
  async memberList(
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<MemberConnection> {
    const page = { first: bounded(first) + 1, after: after ? decodeMemberCursor(after) : null };
    const members = await this.queries.memberPage(viewer.projectId, page);
    return pageOf(
      members.map((node) => ({ cursor: encodeMemberCursor(node.name), node })),
      first,
    );
  }

  @Query(() => AccessKeyConnection, {
    description: 'Newest first. An admin sees all, everybody else their own. `first` is 1 to 100.',
  })
  @Allow({ roles: Object.values(Role) })
  async accessKeyList(
    @CurrentViewer() viewer: Viewer,
    @Args('memberId', { type: () => ID, nullable: true, description: 'Only what acts for this member.' })
    memberId: string | null,
    @Args('revoked', { type: () => Boolean, defaultValue: false, description: 'Revoked and ended ones too.' })
    isRevoked: boolean,
    @Args('first', { type: () => Int, defaultValue: 50 }) first: number,
    @Args('after', { type: () => CursorScalar, nullable: true }) after: string | null,
  ): Promise<AccessKeyConnection> {
    if (memberId && !isUUID(memberId)) throw new Refusal('INVALID_INPUT', 'memberId must be a UUID.');
    const only = viewer.member?.role === Role.ADMIN ? (memberId ?? null) : (viewer.member?.id ?? null);
    const page = { first: bounded(first) + 1, after: after ? decodeKeyCursor(after) : null };
    const keys = await this.queries.accessKeyPage(viewer.projectId, { memberId: only, isRevoked }, page);
    return pageOf(
      keys.map(({ key, micros }) => ({ cursor: encodeKeyCursor({ micros, id: key.id }), node: key })),
      first,
    );
  }

  @ResolveField(() => Member, { nullable: true, description: 'Whom it acts for; null for an API key.' })
  @AllowInherited()
  async member(
    @Parent() { projectId, memberId }: AccessKey,
    @Context() context: RequestContext,
  ): Promise<Member | null> {
    if (memberId === null) return null;
    const loader = loaderOf(context, `member:${projectId}`, () => {
      return new DataLoader<string, Member | null>((ids) => this.queries.membersById(projectId, ids), { cache: false });
    });
    return loader.load(memberId);
  }
}

function pageOf<Edge extends { cursor: string }>(edges: Edge[], first: number) {
  const shown = edges.slice(0, first);
  return {
    edges: shown,
    pageInfo: { hasNextPage: edges.length > first, endCursor: shown.at(-1)?.cursor ?? null },
  };
}

function bounded(first: number): number {
  if (first >= 1 && first <= MOST_A_PAGE) return first;
  throw new Refusal('INVALID_INPUT', `first: ${first} is out of range; ask for 1 to ${MOST_A_PAGE} a page.`);
}
