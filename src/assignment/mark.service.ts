import { Injectable, Logger } from '@nestjs/common';
import { v4 as uuidv4 } from 'uuid';

import { Database } from '../database/database.js';
import { awaitArrivalsSql, confirmSql, lockTimeoutSql, proposeSql } from './mark.sql.js';
import type { Claimant } from './reviewer.js';

/**
 * Moves a member's marks, by the three steps of mark.sql.ts, after a claim that had to step over many tickets. A mark
 * only saves work: when it cannot be moved (the lane is busy, the connection broke) the next such claim tries again.
 */
@Injectable()
export class MarkService {
  private readonly logger = new Logger(MarkService.name);

  constructor(private readonly database: Database) {}

  async move(claimant: Claimant, lanes: readonly number[]): Promise<void> {
    for (const lane of lanes) {
      try {
        await this.moveOne(claimant, lane);
      } catch (error) {
        this.logger.debug(`A mark stays where it was: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  private async moveOne({ projectId, member }: Claimant, lane: number): Promise<void> {
    const params = [projectId, member.id, lane, uuidv4()];
    const proposed = await this.database.query({ name: 'mark-propose', text: proposeSql }, params);
    if (proposed.length === 0) return;
    await this.database.transaction(async (tx) => {
      await tx.query(lockTimeoutSql);
      await tx.query(awaitArrivalsSql, [lane]);
    });
    await this.database.query({ name: 'mark-confirm', text: confirmSql }, params);
  }
}
