import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';

import { AccessKey } from './access-key.entity.js';
import { Member } from './member.entity.js';

/** Most rows of a list. */
export const MOST_LISTED = 1_000;

/** Plain reads of members and keys. */
@Injectable()
export class AccessQueries {
  constructor(private readonly dataSource: DataSource) {}

  members(projectId: number): Promise<Member[]> {
    return this.dataSource
      .getRepository(Member)
      .find({ where: { projectId }, order: { name: 'ASC' }, take: MOST_LISTED });
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

  accessKey(projectId: number, id: string): Promise<AccessKey | null> {
    return this.dataSource.getRepository(AccessKey).findOneBy({ projectId, id });
  }
}
