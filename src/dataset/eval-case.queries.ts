import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { decodeCaseCursor, encodeCaseCursor } from './eval-case.cursor.js';
import { toEvalCase } from './eval-case.read.js';
import type { EvalCaseRecord } from './eval-case.record.js';
import type { EvalCase, EvalCaseConnection } from './eval-case.type.js';
import { ExportQueries } from './export.queries.js';
import { FIRST_CASE } from './export.target.js';
import { formats } from './formats/index.js';
import type { ExportFormat } from './formats/format.js';

const canonical = formats.get('jsonl') as ExportFormat;

interface Page {
  readonly dataset: string;
  readonly snapshot: number | null;
  readonly first: number;
  readonly after: string | null;
}

/** Lists eval cases through the same pages that exports are made of. */
@Injectable()
export class EvalCaseQueries {
  constructor(
    private readonly exports: ExportQueries,
    private readonly database: Database,
  ) {}

  /** The case that an item is in a dataset now, or null. */
  async ofItem(projectId: number, dataset: string, itemId: string): Promise<EvalCase | null> {
    const [row] = await this.database.query<{ record: string }>(
      `SELECT r.record FROM dataset d
       JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id AND c.item_id = $3 AND NOT c.is_retracted
       JOIN eval_case_revision r
         ON r.project_id = $1 AND r.dataset_id = d.id AND r.case_id = c.id AND r.revision = c.revision
       WHERE d.project_id = $1 AND d.key = $2`,
      [projectId, dataset, itemId],
    );
    return row ? toEvalCase(JSON.parse(row.record) as EvalCaseRecord) : null;
  }

  /** The cases that items are in a dataset now, by item; those that are none are left out. */
  async ofItems(projectId: number, datasetId: string, itemIds: readonly string[]): Promise<Map<string, EvalCase>> {
    const rows = await this.database.query<{ itemId: string; record: string }>(
      `SELECT c.item_id AS "itemId", r.record FROM unnest($3::uuid[]) AS n(item_id)
       JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = $2 AND c.item_id = n.item_id AND NOT c.is_retracted
       JOIN eval_case_revision r
         ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = c.id AND r.revision = c.revision`,
      [projectId, datasetId, [...new Set(itemIds)]],
    );
    return new Map(rows.map((row) => [row.itemId, toEvalCase(JSON.parse(row.record) as EvalCaseRecord)]));
  }

  /** The case as it is now; NOT_FOUND when there is none. */
  async need(projectId: number, dataset: string, caseId: string): Promise<EvalCase> {
    const [row] = await this.database.query<{ itemId: string }>(
      `SELECT c.item_id AS "itemId" FROM dataset d
       JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id AND c.id = $3
       WHERE d.project_id = $1 AND d.key = $2`,
      [projectId, dataset, caseId],
    );
    const found = row && (await this.ofItem(projectId, dataset, row.itemId));
    if (!found) throw new Refusal('NOT_FOUND', `There is no case ${caseId} in "${dataset}".`);
    return found;
  }

  async page(projectId: number, { dataset, snapshot, first, after }: Page): Promise<EvalCaseConnection> {
    const target = await this.exports.target(projectId, {
      dataset,
      snapshot,
      format: canonical,
      at: null,
      since: null,
    });
    const from = after === null ? FIRST_CASE : decodeCaseCursor(after);
    const rows = await this.exports.page(target, from, first + 1);
    const edges = rows.slice(0, first).flatMap(({ record }) => {
      const node = record === null ? null : toEvalCase(JSON.parse(record) as EvalCaseRecord);
      return node ? [{ cursor: encodeCaseCursor(node.id), node }] : [];
    });
    // A page of large cases ends early, so a short one does not say that nothing follows.
    const last = rows.at(-1);
    const hasNextPage =
      rows.length > first || (last !== undefined && (await this.exports.page(target, last.id, 1)).length > 0);
    return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
  }
}
