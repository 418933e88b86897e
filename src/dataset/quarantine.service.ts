import { Injectable } from '@nestjs/common';

import type { Viewer } from '../access/viewer.js';
import { append } from '../log/append.js';
import { QuarantineChoice } from './curation.kinds.js';
import { CurationService } from './curation.service.js';
import { heldItems, putRulings } from './curation.sql.js';
import type { DecideQuarantineInput } from './quarantine.input.js';

const KINDS = {
  [QuarantineChoice.ADMIT]: { ruling: 'ADMITTED', event: 'CASE_ADMITTED' },
  [QuarantineChoice.REFUSE]: { ruling: 'DROPPED', event: 'CASE_REFUSED' },
} as const;

/** What a manager decides about several items in quarantine at once, each with an event of its own. */
@Injectable()
export class QuarantineService {
  constructor(private readonly curation: CurationService) {}

  /** How many it was decided of: those that do not wait any more are left as they are. */
  async decide(viewer: Viewer, { dataset, itemIds, choice, reason }: DecideQuarantineInput): Promise<number> {
    let decided = 0;
    await this.curation.decide(viewer, dataset, async ({ tx, projectId, datasetId, actor }) => {
      const held = await tx.query<{ itemId: string }>(heldItems, [projectId, datasetId, itemIds]);
      const waiting = held.map(({ itemId }) => itemId);
      const { ruling, event } = KINDS[choice];
      await tx.query(putRulings, [projectId, datasetId, waiting, ruling, actor, reason]);
      const data = { datasetId, reason };
      await append(
        tx,
        waiting.map((itemId) => ({ projectId, kind: event, actor, itemId, data })),
      );
      decided = waiting.length;
      return waiting;
    });
    return decided;
  }
}
