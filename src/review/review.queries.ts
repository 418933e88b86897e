import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { DataSource, In } from 'typeorm';

import { Member } from '../access/member.entity.js';
import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import type { ReviewItem } from '../item/item.entity.js';
import { Resolution } from './resolution.entity.js';
import { Review } from './review.entity.js';
import { supersededBySql, visibleReviewsSql } from './review.sql.js';
import { type ReviewRow, toReview } from './review.row.js';

/**
 * Plain reads of reviews and resolutions. The loaders gather what one operation asks for at once and keep nothing, for
 * a subscription is one operation that lasts.
 */
@Injectable()
export class ReviewQueries {
  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
  ) {}

  byId(projectId: number, id: string): Promise<Review | null> {
    return this.dataSource.getRepository(Review).findOneBy({ projectId, id });
  }

  /** The first review that was made from an assignment, whoever asks again. */
  byAssignment(projectId: number, assignmentId: string, memberId: string): Promise<Review | null> {
    return this.dataSource.getRepository(Review).findOneBy({ projectId, assignmentId, memberId, revision: 0 });
  }

  /** The reviews of an item in the order of its slots, as far as this viewer may see them; see review.sql.ts. */
  ofItem(context: RequestContext, { projectId, id }: ReviewItem, withSuperseded: boolean): Promise<Review[]> {
    const loader = loaderOf(context, `reviews:${projectId}:${withSuperseded}`, () => {
      const load = (itemIds: readonly string[]) => this.visible(context, projectId, itemIds, withSuperseded);
      return new DataLoader<string, Review[]>(load, { cache: false, maxBatchSize: 200 });
    });
    return loader.load(id);
  }

  resolutionOf(context: RequestContext, projectId: number, itemId: string): Promise<Resolution | null> {
    const loader = loaderOf(context, `resolution:${projectId}`, () => {
      const load = async (itemIds: readonly string[]) => {
        const found = await this.dataSource.getRepository(Resolution).findBy({ projectId, itemId: In([...itemIds]) });
        const byItem = new Map(found.map((resolution) => [resolution.itemId, resolution]));
        return itemIds.map((id) => byItem.get(id) ?? null);
      };
      return new DataLoader<string, Resolution | null>(load, { cache: false, maxBatchSize: 200 });
    });
    return loader.load(itemId);
  }

  /** The id of the review that revises this one. */
  supersededBy(context: RequestContext, { projectId, id }: Review): Promise<string | null> {
    const loader = loaderOf(context, `superseded:${projectId}`, () => {
      const load = async (ids: readonly string[]) => {
        const params = [projectId, ids];
        const rows = await this.database.query<{ id: string; next: string }>(supersededBySql, params);
        const byId = new Map(rows.map((row) => [row.id, row.next]));
        return ids.map((one) => byId.get(one) ?? null);
      };
      return new DataLoader<string, string | null>(load, { cache: false, maxBatchSize: 1_000 });
    });
    return loader.load(id);
  }

  member(context: RequestContext, projectId: number, id: string): Promise<Member> {
    const loader = loaderOf(context, `member:${projectId}`, () => {
      const load = async (ids: readonly string[]) => {
        const found = await this.dataSource.getRepository(Member).findBy({ projectId, id: In([...ids]) });
        const byId = new Map(found.map((member) => [member.id, member]));
        return ids.map((id) => byId.get(id) ?? new Error(`member ${id} is not there`));
      };
      return new DataLoader<string, Member>(load, { cache: false, maxBatchSize: 1_000 });
    });
    return loader.load(id);
  }

  private async visible(
    context: RequestContext,
    projectId: number,
    itemIds: readonly string[],
    withSuperseded: boolean,
  ): Promise<Review[][]> {
    const member = context.viewer?.member ?? null;
    const params = [projectId, itemIds, member?.id ?? null, member?.role === 'REVIEWER', withSuperseded];
    const rows = await this.database.query<ReviewRow>({ name: 'reviews-visible', text: visibleReviewsSql }, params);
    const byItem = new Map<string, Review[]>(itemIds.map((id) => [id, []]));
    for (const row of rows) byItem.get(row.item_id)?.push(toReview(row));
    return itemIds.map((id) => byItem.get(id) ?? []);
  }
}
