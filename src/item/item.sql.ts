import type { Statement } from '../database/database.js';
import type { ItemFilter } from './item.input.js';
import { toQuery } from './item-text.lexemes.js';
import { parseSearch } from './search.js';
import { areSignalsSeenBy } from './sight.sql.js';
import { ItemStatus } from './item.lifecycle.js';

/** All of an item but its payload. `has_lease` is what tells IN_REVIEW from OPEN, together with reviews_done. */
const columns = `
  i.id, i.external_id, i.queue_id, i.source, i.model_name, i.model_version, i.prompt_name, i.prompt_version,
  i.confidence, i.risk, i.reasons, i.signals, i.tags, i.group_key, i.trace_id, i.priority, i.due_at, i.rank, i.status,
  i.reviews_required, i.reviews_done, i.policy_version, i.rule, i.created_at, i.resolved_at`;

const hasLease = `EXISTS (SELECT FROM assignment a
    WHERE a.project_id = $1 AND a.item_id = i.id AND a.lease_expires_at > now())`;

export const itemsByIdSql: Statement = {
  name: 'item-by-id',
  text: `SELECT ${columns}, ${hasLease} AS has_lease FROM item i WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[])`,
};

export const evidenceByItemSql: Statement = {
  name: 'evidence-by-item',
  text: `SELECT e.item_id, e.input, e.output, e.context, e.metadata
           FROM evidence e WHERE e.project_id = $1 AND e.item_id = ANY ($2::uuid[])`,
};

/** Whether this key flagged the item: what a key with FLAG alone may see and take back. */
export const isFlaggedBySql: Statement = {
  name: 'item-is-flagged-by',
  text: `SELECT FROM item i JOIN flag f ON f.project_id = $1 AND f.external_id = i.external_id
          WHERE i.project_id = $1 AND i.id = $2 AND f.flagged_by = $3`,
};

interface BuiltStatement {
  readonly text: string;
  readonly params: readonly unknown[];
}

/**
 * One page of items, newest first. Ids are UUIDv7, so the primary key backwards is the order of arrival (by the clocks
 * of the processes that took them in) and a page costs the same however deep. The page is cut from `item` alone;
 * leases are looked up for its rows only.
 *
 * Known limit: a filter that few items meet reads back through the project until the page is full. `externalId`, a
 * queue's waiting items, a period and a text that few items hold (item-text.sql.ts) are found by an index.
 */
export function itemPageSql(
  scope: ListScope,
  filter: ItemFilter,
  { first, after }: { first: number; after: string | null },
): BuiltStatement {
  const params: unknown[] = [scope.projectId];
  const where = conditions(filter, params, scope);
  if (after) where.push(`i.id < ${bind(params, after, 'uuid')}`);
  const text = `
    SELECT i.*, ${hasLease} AS has_lease
      FROM (SELECT ${columns} FROM item i WHERE ${where.join(' AND ')}
             ORDER BY i.project_id DESC, i.id DESC LIMIT ${bind(params, first, 'integer')}) i
     ORDER BY i.id DESC`;
  return { text, params };
}

/** Counts no further than `most`. */
export function itemCountSql(scope: ListScope, filter: ItemFilter, most: number): BuiltStatement {
  const params: unknown[] = [scope.projectId];
  const where = conditions(filter, params, scope);
  const text = `
    SELECT count(*)::integer AS count
      FROM (SELECT FROM item i WHERE ${where.join(' AND ')} LIMIT ${bind(params, most, 'integer')}) counted`;
  return { text, params };
}

export interface ListScope {
  readonly projectId: number;
  /** Somebody from whom queues may hide what a filter would tell, and who finds their copies of known answers. */
  readonly reviewerId: string | null;
  /** All that the filter's text is found in, where that is few; null where it is many or there is no text. */
  readonly found: readonly string[] | null;
}

function conditions(filter: ItemFilter, params: unknown[], { projectId, reviewerId, found }: ListScope): string[] {
  const where = ['i.project_id = $1', goldCondition(reviewerId, params)];
  const equal = (column: string, value: string | null | undefined) => {
    if (value != null) where.push(`${column} = ${bind(params, value, 'text')}`);
  };
  if (filter.queue != null) {
    where.push(
      `i.queue_id = (SELECT q.id FROM queue q WHERE q.project_id = $1 AND q.key = ${bind(params, filter.queue, 'text')})`,
    );
  }
  if (filter.externalId != null) {
    // The table of flags has the index on external ids.
    const externalId = bind(params, filter.externalId, 'text');
    const flagged = `SELECT f.item_id FROM flag f WHERE f.project_id = $1 AND f.external_id = ${externalId}`;
    const own =
      reviewerId === null ? '' : ` UNION ALL ${ownGold(reviewerId, params)} AND g.external_id = ${externalId}`;
    where.push(`i.id = ANY (ARRAY(${flagged}${own}))`);
  }
  equal('i.source', filter.source);
  equal('i.model_name', filter.model);
  equal('i.model_version', filter.modelVersion);
  if (filter.tag != null) where.push(`${bind(params, filter.tag, 'text')} = ANY (i.tags)`);
  if (filter.risk != null) where.push(`i.risk = ANY (${bind(params, filter.risk, 'text[]')})`);
  if (filter.risk != null && reviewerId !== null) where.push(areSignalsSeenBy(bind(params, reviewerId, 'uuid')));
  if (filter.status != null) where.push(statusCondition(filter.status));
  if (filter.createdAfter != null) {
    where.push(`i.created_at > ${bind(params, filter.createdAfter, 'timestamptz')}`);
    where.push(`i.id >= ${bind(params, firstIdAround(filter.createdAfter, -CLOCKS_APART_MS), 'uuid')}`);
  }
  if (filter.createdBefore != null) {
    where.push(`i.created_at < ${bind(params, filter.createdBefore, 'timestamptz')}`);
    where.push(`i.id < ${bind(params, firstIdAround(filter.createdBefore, CLOCKS_APART_MS), 'uuid')}`);
  }
  if (found !== null) where.push(`i.id = ANY (${bind(params, found, 'uuid[]')})`);
  else if (filter.text != null) {
    const query = bind(params, toQuery(projectId, parseSearch(filter.text), reviewerId !== null), 'tsquery');
    where.push(`i.id IN (SELECT t.item_id FROM item_text t WHERE t.project_id = $1 AND t.words @@ ${query})`);
  }
  where.push(...ofPeople(filter, params));
  if (filter.overdue != null) {
    where.push(
      `${filter.overdue ? '' : 'NOT '}coalesce(i.due_at < now() AND i.status IN ('OPEN', 'NEEDS_ADJUDICATION'), false)`,
    );
  }
  if (filter.evalFailing != null) where.push(`i.id ${filter.evalFailing ? '' : 'NOT '}IN (${failingItems})`);
  return where;
}

/** Items of which a case failed in a run of a suite and has not passed since. */
const failingItems = `
  SELECT e.item_id FROM eval_result e
   WHERE e.project_id = $1 AND e.outcome = 'FAILED' AND NOT EXISTS (
     SELECT FROM eval_result later WHERE later.project_id = $1 AND later.case_id = e.case_id
        AND later.run_id > e.run_id AND later.outcome = 'PASSED')`;

/** What people did with it lies in tables of its own, found by the item. */
function ofPeople({ assignee, decidedBy, verdict }: ItemFilter, params: unknown[]): string[] {
  const where: string[] = [];
  if (assignee != null) {
    where.push(`EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.item_id = i.id
      AND a.member_id = ${bind(params, assignee, 'uuid')} AND a.lease_expires_at > now())`);
  }
  if (decidedBy != null) {
    const member = bind(params, decidedBy, 'uuid');
    where.push(`(EXISTS (SELECT FROM review r WHERE r.project_id = $1 AND r.item_id = i.id AND r.member_id = ${member})
      OR EXISTS (SELECT FROM resolution o WHERE o.project_id = $1 AND o.item_id = i.id AND o.decided_by = ${member}))`);
  }
  if (verdict != null) {
    where.push(`i.status = 'RESOLVED' AND EXISTS (SELECT FROM resolution o WHERE o.project_id = $1
      AND o.item_id = i.id AND o.verdict = ANY (${bind(params, verdict, 'text[]')}))`);
  }
  return where;
}

function goldCondition(reviewerId: string | null, params: unknown[]): string {
  if (reviewerId === null) return 'NOT i.is_gold';
  return `(NOT i.is_gold OR i.id = ANY (ARRAY(${ownGold(reviewerId, params)})))`;
}

/** At most as many as there are known answers. */
function ownGold(memberId: string, params: unknown[]): string {
  return `SELECT c.item_id FROM gold_item c JOIN item g ON g.project_id = $1 AND g.id = c.item_id
           WHERE c.project_id = $1 AND c.member_id = ${bind(params, memberId, 'uuid')}`;
}

/** Literals, not parameters, so that the planner can use the index of waiting items. */
function statusCondition(statuses: readonly ItemStatus[]): string {
  const isInReview = `(i.reviews_done > 0 OR ${hasLease})`;
  const either = [...new Set(statuses)].map((status) => {
    if (status === ItemStatus.OPEN) return `(i.status = 'OPEN' AND NOT ${isInReview})`;
    if (status === ItemStatus.IN_REVIEW) return `(i.status = 'OPEN' AND ${isInReview})`;
    return `i.status = '${ItemStatus[status]}'`;
  });
  if (either.length === 0) return 'false';
  const isWaiting = !statuses.includes(ItemStatus.RESOLVED) && !statuses.includes(ItemStatus.WITHDRAWN);
  return `${isWaiting ? `i.status IN ('OPEN', 'NEEDS_ADJUDICATION') AND ` : ''}(${either.join(' OR ')})`;
}

/** Ids carry the app's clock and created_at the database's; a day is more than two clocks ever differ. */
const CLOCKS_APART_MS = 86_400_000;

/** The smallest UUIDv7 of an instant: with it a period is a range of the primary key. */
function firstIdAround(instant: Date, offsetMs: number): string {
  const hex = Math.max(0, instant.getTime() + offsetMs)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

function bind(params: unknown[], value: unknown, type: string): string {
  params.push(value);
  return `$${params.length}::${type}`;
}
