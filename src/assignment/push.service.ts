import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { v4 as uuidv4 } from 'uuid';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import { jittered, Pulse } from '../log/pulse.js';
import { ClaimService } from './claim.service.js';
import { PresenceService } from './presence.service.js';
import { endTurnSql, givenSql, matchSql, takeTurnSql } from './push.sql.js';

/** Members who are given something between two looks at who comes next. */
const ROUND = 50;
const TURN_SECONDS = 15;
/** Events that come within this time of each other are one pass. */
const GAP_MS = 50;
/** When another process is at it, and when nothing happened: for what it, or a lost hint, left. */
const BUSY_MS = 250;
const IDLE_MS = 2_000;

interface Match {
  id: string;
  member_id: string;
  capacity: number;
  key: string;
}

/**
 * Gives work to those who are there and have room, without being asked.
 *
 * The log wakes it: something arrived, came back, was finished, somebody came. Then it makes one pass over the project,
 * in one process at a time: who comes next (one read for all), a claim for each of them, again until nobody gets
 * anything. Nothing runs for each reviewer. The claim is the one that reviewers make themselves, so skills, membership,
 * conflicts and capacity hold, and a push can meet a pull without harm.
 */
@Injectable()
export class PushService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(PushService.name);
  private readonly pulses = new Map<number, Pulse>();
  private forget = () => {};

  constructor(
    private readonly database: Database,
    private readonly claims: ClaimService,
    private readonly presence: PresenceService,
    private readonly hint: LogHint,
  ) {}

  onApplicationBootstrap(): void {
    this.forget = this.hint.whenGrown((projectId) => {
      if (projectId !== null) this.wake(projectId);
      else for (const one of this.presence.projects()) this.wake(one);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.forget();
    await Promise.all([...this.pulses.values()].map((pulse) => pulse.stop()));
  }

  wake(projectId: number): void {
    if (!this.presence.isAnybodyHere(projectId)) return;
    let pulse = this.pulses.get(projectId);
    if (!pulse) {
      const onError = (error: unknown, failures: number) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn(`Giving out the work of project ${projectId} failed (${failures} in a row): ${reason}`);
      };
      pulse = new Pulse({ run: () => this.run(projectId), gapMs: GAP_MS, onError });
      this.pulses.set(projectId, pulse);
    }
    pulse.wake();
  }

  /** One pass over a project; returns how many items were given out, or null when another pass is under way. */
  async runOnce(projectId: number): Promise<number | null> {
    const turn = uuidv4();
    let total = 0;
    try {
      for (;;) {
        const taken = await this.database.query(takeTurnSql, [projectId, turn, TURN_SECONDS]);
        if (taken.length === 0) return null;
        const given = await this.round(projectId);
        if (given === 0) return total;
        total += given;
      }
    } finally {
      await this.database.query(endTurnSql, [projectId, turn]);
    }
  }

  private async run(projectId: number): Promise<number | null> {
    if (!this.presence.isAnybodyHere(projectId)) return null;
    return jittered((await this.runOnce(projectId)) === null ? BUSY_MS : IDLE_MS);
  }

  private async round(projectId: number): Promise<number> {
    const matches = await this.database.query<Match & Record<string, unknown>>(matchSql, [projectId, ROUND]);
    const given: string[] = [];
    for (const { member_id: memberId, key, capacity } of matches) {
      if (await this.claims.offer(projectId, memberId, key, capacity)) given.push(memberId);
    }
    if (given.length > 0) await this.database.query(givenSql, [projectId, given]);
    return given.length;
  }
}
