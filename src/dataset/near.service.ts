import { Injectable } from '@nestjs/common';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { DatasetQueries } from './dataset.queries.js';
import type { MarkDistinctInput } from './near.input.js';
import { NearQueries } from './near.queries.js';
import { tellApart } from './near.sql.js';
import type { NearIdenticalPair } from './near.type.js';

/** What a manager says of two cases that look the same. Retracting one of them is curation. */
@Injectable()
export class NearService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
    private readonly near: NearQueries,
    private readonly logHint: LogHint,
  ) {}

  /** NOT_FOUND when there is no such pair of live cases. Saying the same again changes nothing. */
  async mark(viewer: Viewer, input: MarkDistinctInput): Promise<NearIdenticalPair> {
    const { projectId } = viewer;
    const { id: datasetId } = await this.datasets.need(projectId, input.dataset);
    const [older = '', newer = ''] = input.pair.split('-');
    const missing = new Refusal('NOT_FOUND', `There is no pair ${input.pair} in "${input.dataset}" (any more).`);
    const before = await this.near.one(projectId, datasetId, older, newer);
    if (!before) throw missing;
    const actor = actorOf(viewer);
    await this.database.transaction(async (tx) => {
      const said = input.isDistinct ? [actor, input.reason] : [null, null];
      const changed = await tx.query(tellApart, [projectId, datasetId, older, newer, ...said]);
      if (changed.length === 0) return;
      const { isDistinct, reason, pair } = input;
      const caseIds = [before.older.id, before.newer.id];
      await append(tx, [
        { projectId, kind: 'CASES_TOLD_APART', actor, data: { datasetId, pair, caseIds, isDistinct, reason } },
      ]);
    });
    this.logHint.wake(projectId);
    const after = await this.near.one(projectId, datasetId, older, newer);
    if (!after) throw missing;
    return after;
  }
}
