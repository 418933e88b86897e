import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import type { EvalCaseFilter } from './case-history.input.js';
import { caseRecords, caseRevisions, searchCases } from './case-history.sql.js';
import type { CaseRevision } from './case-history.type.js';
import { DatasetQueries } from './dataset.queries.js';
import { decodeCaseCursor, encodeCaseCursor } from './eval-case.cursor.js';
import { toEvalCase } from './eval-case.read.js';
import { type EvalCaseRecord, jsonLine } from './eval-case.record.js';
import type { EvalCase, EvalCaseConnection } from './eval-case.type.js';
import { FIRST_CASE } from './export.target.js';

/** A case in one of its revisions; null is the newest. */
export interface WantedCase {
  readonly id: string;
  readonly revision: number | null;
}

interface SearchPage {
  readonly dataset: string;
  readonly filter: EvalCaseFilter;
  readonly first: number;
  readonly after: string | null;
}

interface FoundRow {
  /** Null when nothing was found. */
  readonly id: string | null;
  readonly record: string;
  /** How many were found, those that are too much for one answer included. */
  readonly found: number;
  readonly last: string | null;
}

/** Finds single cases, what they were before, and those that something is said of. */
@Injectable()
export class CaseHistoryQueries {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
  ) {}

  /** Newest first. NOT_FOUND without such a dataset; none without such a case. */
  async revisions(projectId: number, dataset: string, caseId: string, first: number): Promise<CaseRevision[]> {
    await this.datasets.need(projectId, dataset);
    return this.database.query<CaseRevision & object>(caseRevisions, [projectId, dataset, caseId, first]);
  }

  /** In the order asked for; null where there is none, or where the case was retracted. */
  async cases(projectId: number, dataset: string, wanted: readonly WantedCase[]): Promise<(EvalCase | null)[]> {
    const [ids, revisions] = [wanted.map(({ id }) => id), wanted.map(({ revision }) => revision)];
    const rows = await this.database.query<{ id: string; asked: number | null; record: string }>(caseRecords, [
      projectId,
      dataset,
      ids,
      revisions,
    ]);
    const keyOf = (id: string, revision: number | null) => `${id}@${revision ?? 'newest'}`;
    const found = new Map(rows.map(({ id, asked, record }) => [keyOf(id, asked), record]));
    return wanted.map(({ id, revision }) => {
      const record = found.get(keyOf(id, revision));
      return record === undefined ? null : toEvalCase(JSON.parse(record) as EvalCaseRecord);
    });
  }

  /** A page may be short, or empty, and more may follow: a search answers after 20,000 cases with what it has. */
  async search(projectId: number, { dataset, filter, first, after }: SearchPage): Promise<EvalCaseConnection> {
    await this.datasets.need(projectId, dataset);
    const { text = null, tag = null, verdict = null, split = null } = filter;
    const from = after === null ? FIRST_CASE : decodeCaseCursor(after);
    // As it stands inside a string of the record.
    const written = text === null ? null : jsonLine(text).slice(1, -1);
    const params = [projectId, dataset, from, written, tag, verdict, split, first + 1];
    const rows = await this.database.query<FoundRow & object>(searchCases, params);
    const edges = rows.slice(0, first).flatMap(({ id, record }) => {
      if (id === null) return [];
      return { cursor: encodeCaseCursor(id), node: toEvalCase(JSON.parse(record) as EvalCaseRecord) };
    });
    const hasMore = (rows[0]?.found ?? 0) > edges.length;
    if (hasMore) return { edges, pageInfo: { hasNextPage: true, endCursor: edges.at(-1)!.cursor } };
    const last = rows[0]?.last ?? null;
    const end = last === null ? (edges.at(-1)?.cursor ?? null) : encodeCaseCursor(last);
    return { edges, pageInfo: { hasNextPage: last !== null, endCursor: end } };
  }
}
