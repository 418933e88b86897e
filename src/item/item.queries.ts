import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';

import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import type { Queue } from '../project/queue.entity.js';
import { QueueQueries } from '../project/queue.queries.js';
import type { RiskLevel } from '../project/risk-level.js';
import { encodeItemCursor } from './item.cursor.js';
import type { ReviewItemConnection } from './item.connection.js';
import { Evidence } from './evidence.entity.js';
import { ReviewItem } from './item.entity.js';
import { statusOf, type StoredStatus } from './item.lifecycle.js';
import type { ItemFilter } from './item.input.js';
import {
  evidenceByItemSql,
  isFlaggedBySql,
  itemCountSql,
  itemPageSql,
  itemsByIdSql,
  type ListScope,
} from './item.sql.js';
import { toQuery } from './item-text.lexemes.js';
import { itemsWithWords } from './item-text.sql.js';
import { parseSearch } from './search.js';
import type { Signal } from './signal.js';

/** Beyond this many `totalCount` is null: counting millions for a number that nobody reads costs seconds. */
export const MOST_COUNTED = 10_000;

/** What stands in no more items than this is looked up; what is more frequent is met soon on the way back through all. */
const MOST_FOUND = 2_000;

interface ItemRow {
  id: string;
  external_id: string;
  queue_id: string;
  source: string;
  model_name: string | null;
  model_version: string | null;
  prompt_name: string | null;
  prompt_version: string | null;
  confidence: number | null;
  risk: RiskLevel | null;
  reasons: string[];
  signals: Signal[];
  tags: string[];
  group_key: string | null;
  trace_id: string | null;
  priority: number;
  due_at: Date | null;
  rank: string;
  status: StoredStatus;
  reviews_required: number;
  reviews_done: number;
  policy_version: number | null;
  rule: string | null;
  created_at: Date;
  resolved_at: Date | null;
  has_lease: boolean;
}

interface EvidenceRow {
  item_id: string;
  input: unknown;
  output: unknown;
  context: unknown[];
  metadata: unknown;
}

/**
 * Reads items. Payloads are read apart from them, and only when somebody selects one. The loaders gather what one
 * operation asks for and keep nothing: a subscription is one operation that may last for days.
 */
@Injectable()
export class ItemQueries {
  constructor(
    private readonly database: Database,
    private readonly queues: QueueQueries,
  ) {}

  /** The item, or null; all that one operation asks for come in one statement. */
  async load(context: RequestContext, projectId: number, id: string): Promise<ReviewItem | null> {
    const loader = loaderOf(context, `item:${projectId}`, () => {
      return new DataLoader<string, ReviewItem | null>((ids) => this.byIds(projectId, ids), {
        maxBatchSize: 1_000,
        cache: false,
      });
    });
    return loader.load(id);
  }

  async loadEvidence(context: RequestContext, item: ReviewItem): Promise<Evidence> {
    if (item.evidence) return item.evidence;
    const { projectId } = item;
    const loader = loaderOf(context, `evidence:${projectId}`, () => {
      // Up to a mebibyte each, so not too many at a time, and none is kept; but input, output and what else is asked of
      // an item at once are one of them.
      const load = (ids: readonly string[]) => {
        made.clearAll();
        return this.evidenceOf(projectId, ids);
      };
      const made = new DataLoader<string, Evidence>(load, { maxBatchSize: 100 });
      return made;
    });
    return loader.load(item.id);
  }

  async loadQueue(context: RequestContext, { projectId, queueId }: ReviewItem): Promise<Queue> {
    const loader = loaderOf(context, `queue:${projectId}`, () => {
      return new DataLoader<string, Queue>((ids) => this.queuesOf(projectId, ids), { cache: false });
    });
    return loader.load(queueId);
  }

  /** In the order of the ids; null for what there is not. */
  async byIds(projectId: number, ids: readonly string[]): Promise<(ReviewItem | null)[]> {
    const rows = await this.database.query<ItemRow>(itemsByIdSql, [projectId, ids]);
    const found = new Map(rows.map((row) => [row.id, toItem(projectId, row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  async page(
    projectId: number,
    filter: ItemFilter,
    { first, after, reviewerId = null }: { first: number; after: string | null; reviewerId?: string | null },
  ): Promise<ReviewItemConnection> {
    const scope = await this.scope(projectId, filter, reviewerId);
    const { text, params } = itemPageSql(scope, filter, { first: first + 1, after });
    const rows = await this.database.query<ItemRow>(text, params);
    const edges = rows.slice(0, first).map((row) => {
      return { cursor: encodeItemCursor(row.id), node: toItem(projectId, row), text: filter.text ?? null };
    });
    return {
      edges,
      pageInfo: { hasNextPage: rows.length > first, endCursor: edges[edges.length - 1]?.cursor ?? null },
      filter,
    };
  }

  async count(projectId: number, filter: ItemFilter, reviewerId: string | null): Promise<number | null> {
    const scope = await this.scope(projectId, filter, reviewerId);
    const { text, params } = itemCountSql(scope, filter, MOST_COUNTED + 1);
    const [row] = await this.database.query<{ count: number }>(text, params);
    const count = row?.count ?? 0;
    return count > MOST_COUNTED ? null : count;
  }

  async isFlaggedBy(projectId: number, itemId: string, actor: string): Promise<boolean> {
    const rows = await this.database.query(isFlaggedBySql, [projectId, itemId, actor]);
    return rows.length > 0;
  }

  private async scope(projectId: number, { text }: ItemFilter, reviewerId: string | null): Promise<ListScope> {
    if (text == null) return { projectId, reviewerId, found: null };
    const query = toQuery(projectId, parseSearch(text), reviewerId !== null);
    const rows = await this.database.query<{ id: string }>(itemsWithWords, [projectId, query, MOST_FOUND + 1]);
    return { projectId, reviewerId, found: rows.length > MOST_FOUND ? null : rows.map(({ id }) => id) };
  }

  private async queuesOf(projectId: number, ids: readonly string[]): Promise<(Queue | Error)[]> {
    const found = new Map((await this.queues.byIds(projectId, [...new Set(ids)])).map((queue) => [queue.id, queue]));
    return ids.map((id) => found.get(id) ?? new Error(`there is no queue ${id}`));
  }

  private async evidenceOf(projectId: number, itemIds: readonly string[]): Promise<(Evidence | Error)[]> {
    const rows = await this.database.query<EvidenceRow>(evidenceByItemSql, [projectId, itemIds]);
    const found = new Map(
      rows.map(({ item_id: itemId, ...payload }) => [
        itemId,
        Object.assign(new Evidence(), { projectId, itemId, ...payload }),
      ]),
    );
    return itemIds.map((id) => found.get(id) ?? new Error(`item ${id} has no evidence`));
  }
}

function toItem(projectId: number, row: ItemRow): ReviewItem {
  return Object.assign(new ReviewItem(), {
    projectId,
    id: row.id,
    externalId: row.external_id,
    queueId: row.queue_id,
    source: row.source,
    model: versionRef(row.model_name, row.model_version),
    prompt: versionRef(row.prompt_name, row.prompt_version),
    confidence: row.confidence,
    risk: row.risk,
    reasons: row.reasons,
    signals: row.signals,
    tags: row.tags,
    groupKey: row.group_key,
    traceId: row.trace_id,
    priority: row.priority,
    dueAt: row.due_at,
    rank: row.rank,
    storedStatus: row.status,
    status: statusOf(row.status, { liveLeases: row.has_lease ? 1 : 0, reviewsDone: row.reviews_done }),
    reviewsRequired: row.reviews_required,
    reviewsDone: row.reviews_done,
    policyVersion: row.policy_version,
    rule: row.rule,
    createdAt: row.created_at,
    resolvedAt: row.resolved_at,
  });
}

function versionRef(name: string | null, version: string | null) {
  return name === null || version === null ? null : { name, version };
}
