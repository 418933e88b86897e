import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { EvalCaseQueries } from './eval-case.queries.js';
import type { EvalCase } from './eval-case.type.js';
import { onePair, openPairs, openPairsCount, pairsOfInput, placeOfCase, sameInputs } from './near.sql.js';
import type { NearIdenticalCase, NearIdenticalConnection, NearIdenticalPair } from './near.type.js';

interface Row {
  readonly olderNo: string;
  readonly newerNo: string;
  readonly percent: number;
  readonly foundAt: Date;
  readonly distinctReason: string | null;
  readonly distinctAt: Date | null;
  readonly olderItemId: string;
  readonly newerItemId: string;
}

interface Place {
  readonly datasetId: string;
  readonly inputHash: string;
}

const BEFORE_ALL = [100, '-1', '-1'] as const;

/** Reads pairs of live cases whose inputs are almost the same. */
@Injectable()
export class NearQueries {
  constructor(
    private readonly database: Database,
    private readonly cases: EvalCaseQueries,
  ) {}

  async open(
    projectId: number,
    datasetId: string,
    { first, after }: { readonly first: number; readonly after: string | null },
  ): Promise<NearIdenticalConnection> {
    const place = after === null ? BEFORE_ALL : decode(after);
    const rows = await this.database.query<Row & object>(openPairs, [projectId, datasetId, ...place, first + 1]);
    const nodes = await this.pairs(projectId, datasetId, rows.slice(0, first));
    const edges = nodes.map((node) => ({ cursor: encode(node), node }));
    return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  /** How many pairs are open; 1,000 stands for more. */
  async openCount(projectId: number, datasetId: string): Promise<number> {
    return (await this.database.query<{ count: number }>(openPairsCount, [projectId, datasetId]))[0]?.count ?? 0;
  }

  /** The most similar first, those told apart too. */
  async ofCase(projectId: number, caseId: string, first: number): Promise<NearIdenticalCase[]> {
    const place = await this.placeOf(projectId, caseId);
    if (!place) return [];
    const { datasetId, inputHash } = place;
    const params = [projectId, datasetId, inputHash, first];
    const rows = await this.database.query<Row & { ownNo: string }>(pairsOfInput, params);
    const ownNo = rows[0]?.ownNo;
    const pairs = await this.pairs(projectId, datasetId, rows);
    return pairs.map(({ id, similarity, isDistinct, older, newer }) => {
      return { pairId: id, similarity, isDistinct, evalCase: id.startsWith(`${ownNo}-`) ? newer : older };
    });
  }

  /** How many other cases have exactly this input; 1,000 stands for more. */
  async sameInput(projectId: number, caseId: string): Promise<number> {
    const place = await this.placeOf(projectId, caseId);
    if (!place) return 0;
    const params = [projectId, place.datasetId, place.inputHash, caseId];
    return (await this.database.query<{ count: number }>(sameInputs, params))[0]?.count ?? 0;
  }

  private async placeOf(projectId: number, caseId: string): Promise<Place | undefined> {
    return (await this.database.query<Place & object>(placeOfCase, [projectId, caseId]))[0];
  }

  async one(projectId: number, datasetId: string, older: string, newer: string): Promise<NearIdenticalPair | null> {
    const rows = await this.database.query<Row & object>(onePair, [projectId, datasetId, older, newer]);
    return (await this.pairs(projectId, datasetId, rows))[0] ?? null;
  }

  /** A case that is retracted at this very moment takes its pair with it. */
  private async pairs(projectId: number, datasetId: string, rows: readonly Row[]): Promise<NearIdenticalPair[]> {
    const items = rows.flatMap(({ olderItemId, newerItemId }) => [olderItemId, newerItemId]);
    const cases = await this.cases.ofItems(projectId, datasetId, items);
    return rows.flatMap((row) => {
      const [older, newer] = [cases.get(row.olderItemId), cases.get(row.newerItemId)];
      return older && newer ? [toPair(row, older, newer)] : [];
    });
  }
}

function toPair(row: Row, older: EvalCase, newer: EvalCase): NearIdenticalPair {
  return {
    id: `${row.olderNo}-${row.newerNo}`,
    similarity: row.percent / 100,
    older,
    newer,
    foundAt: row.foundAt,
    isDistinct: row.distinctAt !== null,
    distinctReason: row.distinctReason,
  };
}

function encode({ id, similarity }: NearIdenticalPair): string {
  return Buffer.from(`near:${Math.round(100 * similarity)}-${id}`).toString('base64url');
}

function decode(cursor: string): readonly [number, string, string] {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, percent = '', older = '', newer = ''] = /^near:(\d{1,3})-(\d{1,18})-(\d{1,18})$/.exec(text) ?? [];
  if (percent === '') {
    throw new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
  }
  return [Number(percent), older, newer];
}
