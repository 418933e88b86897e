import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, MoreThan } from 'typeorm';

import { AccessKey } from './access-key.entity.js';
import { Member } from './member.entity.js';

/** Most rows of a list. */
export const MOST_LISTED = 1_000;

/** Where a key stands among the others: when it was made, to the microsecond, and its id. */
export interface KeyPlace {
  readonly micros: string;
  readonly id: string;
}

const KEY_PAGE = `
  SELECT k.id, (extract(epoch FROM k.created_at) * 1000000)::bigint::text AS micros
    FROM access_key k
   WHERE k.project_id = $1 AND ($2::uuid IS NULL OR k.member_id = $2)
     AND ($3 OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())))
     AND ($4::bigint IS NULL
          OR (k.created_at, k.id) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::text))
   ORDER BY k.created_at DESC, k.id DESC LIMIT $6`;

/** Plain reads of members and keys. */
@Injectable()
export class AccessQueries {
  constructor(private readonly dataSource: DataSource) {}

  members(projectId: number): Promise<Member[]> {
    return this.dataSource
      .getRepository(Member)
      .find({ where: { projectId }, order: { name: 'ASC' }, take: MOST_LISTED });
  }

  memberPage(projectId: number, { first, after }: { first: number; after: string | null }): Promise<Member[]> {
    const where = { projectId, ...(after === null ? {} : { name: MoreThan(after) }) };
    return this.dataSource.getRepository(Member).find({ where, order: { name: 'ASC' }, take: first });
  }

  /** In the order of the ids; null for what there is not. */
  async membersById(projectId: number, ids: readonly string[]): Promise<(Member | null)[]> {
    const members = await this.dataSource.getRepository(Member).findBy({ projectId, id: In([...ids]) });
    const found = new Map(members.map((member) => [member.id, member]));
    return ids.map((id) => found.get(id) ?? null);
  }

  member(projectId: number, id: string): Promise<Member | null> {
    return this.dataSource.getRepository(Member).findOneBy({ projectId, id });
  }

  /** Newest first; those that were not revoked unless told, of everybody or of one member. */
  accessKeys(projectId: number, filter: { memberId?: string; isRevoked: boolean }): Promise<AccessKey[]> {
    return this.dataSource.getRepository(AccessKey).find({
      where: {
        projectId,
        ...(filter.memberId === undefined ? {} : { memberId: filter.memberId }),
        ...(filter.isRevoked ? {} : { revokedAt: IsNull() }),
      },
      order: { createdAt: 'DESC', id: 'ASC' },
      take: MOST_LISTED,
    });
  }

  /** Newest first, after that place; those that work unless told, of everybody or of one member. */
  async accessKeyPage(
    projectId: number,
    { memberId, isRevoked }: { memberId: string | null; isRevoked: boolean },
    { first, after }: { first: number; after: KeyPlace | null },
  ): Promise<{ key: AccessKey; micros: string }[]> {
    const params = [projectId, memberId, isRevoked, after?.micros ?? null, after?.id ?? null, first];
    const places = await this.dataSource.query<KeyPlace[]>(KEY_PAGE, params);
    const ids = places.map(({ id }) => id);
    const keys = await this.dataSource.getRepository(AccessKey).findBy({ projectId, id: In(ids) });
    const found = new Map(keys.map((key) => [key.id, key]));
    return places.flatMap(({ id, micros }) => {
      const key = found.get(id);
      return key ? [{ key, micros }] : [];
    });
  }

  accessKey(projectId: number, id: string): Promise<AccessKey | null> {
    return this.dataSource.getRepository(AccessKey).findOneBy({ projectId, id });
  }
}
