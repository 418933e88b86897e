import { Injectable } from '@nestjs/common';

import type { Verdict } from '../item/verdict.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { valueOf } from './content.js';
import { conflictVersion } from './curation.sql.js';
import { DatasetQueries } from './dataset.queries.js';
import type { Expected } from './eval-case.record.js';
import type { CaseConflictConnection, HeldCase, HeldCaseConnection } from './held-case.type.js';

interface Row {
  readonly item_id: string;
  readonly input_hash: string;
  readonly verdict: Verdict;
  readonly expected: Expected | null;
  readonly reasons: string[];
  readonly held_at: Date;
}

export interface HeldPage {
  readonly dataset: string;
  readonly first: number;
  readonly after: string | null;
}

/** Items of one conflict that are listed. */
const MOST_IN_CONFLICT = 100;
const FIRST_ITEM = '00000000-0000-0000-0000-000000000000';
const columns = `h.item_id, encode(h.input_hash, 'hex') AS input_hash, h.verdict, h.expected, h.reasons, h.held_at`;

/** Lists what waits. */
@Injectable()
export class HeldCaseQueries {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
  ) {}

  /** By id of the items, which is the order in which they were flagged. */
  async quarantine(projectId: number, { dataset, first, after }: HeldPage): Promise<HeldCaseConnection> {
    const { id } = await this.datasets.need(projectId, dataset);
    const from = after === null ? FIRST_ITEM : decode('quarantine', /^[0-9a-f-]{36}$/, after);
    const rows = await this.database.query<Row & object>(
      `SELECT ${columns} FROM eval_hold h
       WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'QUARANTINE' AND h.item_id > $3
       ORDER BY h.item_id LIMIT $4`,
      [projectId, id, from, first + 1],
    );
    const edges = rows.slice(0, first).map((row) => ({ cursor: encode('quarantine', row.item_id), node: toHeld(row) }));
    return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  /** By their ids. */
  async conflicts(projectId: number, { dataset, first, after }: HeldPage): Promise<CaseConflictConnection> {
    const { id } = await this.datasets.need(projectId, dataset);
    const from = after === null ? '' : decode('conflict', /^[0-9a-f]{64}$/, after);
    const found = await this.database.query<{ input_hash: string; size: number; version: string }>(
      `SELECT encode(h.input_hash, 'hex') AS input_hash, count(*)::int AS size, ${conflictVersion} AS version
       FROM eval_hold h
       WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'CONFLICT' AND h.input_hash > decode($3, 'hex')
       GROUP BY h.input_hash ORDER BY h.input_hash LIMIT $4`,
      [projectId, id, from, first + 1],
    );
    const shown = found.slice(0, first);
    const rows = await this.database.query<Row & object>(
      `SELECT h.* FROM unnest($3::text[]) AS c(id)
       CROSS JOIN LATERAL (
         SELECT ${columns} FROM eval_hold h
         WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'CONFLICT' AND h.input_hash = decode(c.id, 'hex')
         ORDER BY h.item_id LIMIT $4
       ) h`,
      [projectId, id, shown.map((row) => row.input_hash), MOST_IN_CONFLICT],
    );
    const edges = shown.map(({ input_hash: conflict, version, size }) => {
      const cases = rows.filter((row) => row.input_hash === conflict).map(toHeld);
      return { cursor: encode('conflict', conflict), node: { id: conflict, version, size, cases } };
    });
    return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }
}

function toHeld(row: Row): HeldCase {
  const { alternatives = [] } = row.expected ?? {};
  return {
    itemId: row.item_id,
    verdict: row.verdict,
    expected: row.expected && valueOf(row.expected),
    alternatives: alternatives.map(valueOf),
    reasons: row.reasons,
    heldAt: row.held_at,
  };
}

function encode(list: string, place: string): string {
  return Buffer.from(`${list}:${place}`).toString('base64url');
}

function decode(list: string, form: RegExp, cursor: string): string {
  const [name, place = ''] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  if (name === list && form.test(place)) return place;
  throw new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
}
