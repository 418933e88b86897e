import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import { Database, type Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import { Chore } from '../log/chore.js';
import { LogHint } from '../log/hint.js';
import { jsonHash, type EvalCaseRecord } from './eval-case.record.js';
import { compareInputs } from './near.compare.js';
import { datasetsToCompare, moveCompared, olderCases, putHashes } from './near.older.sql.js';

const EVERY_MS = 10 * 60 * 1_000;
const PAGE_ROWS = 100;

interface OlderCase {
  readonly caseId: string;
  readonly itemId: string;
  readonly record: string;
}

/**
 * Compares the inputs of cases that were there before inputs were compared, each dataset once, oldest case first.
 *
 * How far it is stands in the dataset's row and moves in the transaction of a page, so it goes on where it stopped, and
 * the row's lock keeps promotion, and another instance, out of a page. Cases from before conflicts were found also get
 * what those are found by: a hash of their input and of their answer.
 */
@Injectable()
export class OlderCases implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly chore = new Chore({
    name: 'Comparing older cases',
    everyMs: EVERY_MS,
    run: () => this.runOnce(),
  });

  constructor(
    private readonly database: Database,
    private readonly logHint: LogHint,
  ) {}

  onApplicationBootstrap(): void {
    this.chore.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.chore.stop();
  }

  /** Returns how many cases were looked at. */
  async runOnce(pageRows = PAGE_ROWS): Promise<number> {
    const projects = await this.database.query<{ id: number }>('SELECT id FROM project ORDER BY id');
    let compared = 0;
    for (const { id } of projects) {
      for (let page = await this.page(id, pageRows); page !== null; page = await this.page(id, pageRows)) {
        compared += page;
        this.logHint.wake(id);
      }
    }
    return compared;
  }

  /** How many cases there were in the next page of any dataset; null when there is none to compare. */
  private page(projectId: number, rows: number): Promise<number | null> {
    return this.database.transaction(async (tx) => {
      const [place] = await tx.query<{ id: string; after: string }>(datasetsToCompare, [projectId]);
      if (!place) return null;
      const cases = await tx.query<OlderCase & object>(olderCases, [projectId, place.id, place.after, rows]);
      await this.compare(tx, projectId, place.id, cases);
      await tx.query(moveCompared, [projectId, place.id, cases.at(-1)?.caseId ?? null]);
      return cases.length;
    });
  }

  private async compare(tx: Queryable, projectId: number, datasetId: string, cases: OlderCase[]): Promise<void> {
    if (cases.length === 0) return;
    const found = cases.map(({ caseId, itemId, record }) => {
      const { input, expected } = JSON.parse(record) as EvalCaseRecord;
      const { alternatives = [], ...first } = expected ?? {};
      const answers = expected ? [first, ...alternatives].map(jsonHash) : [];
      return { datasetId, caseId, itemId, input, inputHash: jsonHash(input), answers: [...new Set(answers)] };
    });
    await tx.query(putHashes, [
      projectId,
      datasetId,
      found.map(({ caseId }) => caseId),
      found.map(({ inputHash }) => inputHash),
      found.map(({ answers }) => JSON.stringify(answers)),
    ]);
    await append(tx, await compareInputs(tx, projectId, found));
  }
}
