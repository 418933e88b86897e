import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { Database } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import { announceSql, backSql, forgetPresenceSql, leaveSql, renewPresenceSql } from './presence.sql.js';
import type { Reviewer } from './reviewer.js';

/** What a reviewer takes without asking. */
export interface Acceptance {
  /** Keys; null for all. */
  readonly queues: readonly string[] | null;
  readonly capacity: number;
}

interface Present extends Acceptance {
  readonly projectId: number;
  readonly memberId: string;
}

const RENEW_MS = 5_000;
/** Three renewals may fail before somebody counts as gone. */
const LASTS_SECONDS = 20;

/** Who is there, by the sockets of this process; the table holds those of all processes. */
@Injectable()
export class PresenceService implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly logger = new Logger(PresenceService.name);
  private readonly here = new Map<string, Present>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  /** One change after the other, so that the last socket of a member sees that it is the last. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  onModuleDestroy(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** The sockets are closed by now; who is still here leaves with this process. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const id of this.here.keys()) this.leave(id);
    await this.turn;
  }

  /** Whether this process has somebody to give work of that project to. */
  isAnybodyHere(projectId: number): boolean {
    for (const present of this.here.values()) if (present.projectId === projectId) return true;
    return false;
  }

  projects(): number[] {
    return [...new Set([...this.here.values()].map(({ projectId }) => projectId))];
  }

  /** Returns the id to leave with. */
  async enter({ projectId, member }: Reviewer, acceptance: Acceptance): Promise<string> {
    const id = uuidv7();
    const present = { projectId, memberId: member.id, ...acceptance };
    this.here.set(id, present);
    try {
      await this.inTurn(() => this.announce(id, present));
    } catch (error) {
      this.here.delete(id);
      throw error;
    }
    return id;
  }

  /** Does not wait, nor fail: what the database is not told now ends by time. */
  leave(id: string): void {
    const present = this.here.get(id);
    if (!present) return;
    this.here.delete(id);
    this.inTurn(() => this.tell(present.projectId, leaveSql, [[id]])).catch((error: unknown) => this.warn(error));
  }

  back(projectId: number, memberId: string): void {
    this.inTurn(() => this.tell(projectId, backSql, [memberId])).catch((error: unknown) => this.warn(error));
  }

  /** Renews who is here and forgets who is gone, in all projects; returns how many were forgotten. */
  async runOnce(): Promise<number> {
    for (const projectId of this.projects()) await this.inTurn(() => this.renew(projectId));
    let forgotten = 0;
    for (const { id } of await this.database.query<{ id: number }>(`SELECT id FROM project ORDER BY id`)) {
      forgotten += await this.tell(id, forgetPresenceSql, []);
    }
    return forgotten;
  }

  private async renew(projectId: number): Promise<void> {
    const mine = [...this.here].filter(([, present]) => present.projectId === projectId);
    const params = [projectId, mine.map(([id]) => id), LASTS_SECONDS];
    const rows = await this.database.query<{ id: string }>(renewPresenceSql, params);
    const kept = new Set(rows.map(({ id }) => id));
    // Taken for dead while the database could not be reached.
    for (const [id, present] of mine) if (!kept.has(id) && this.here.has(id)) await this.announce(id, present);
  }

  private async announce(id: string, { projectId, memberId, queues, capacity }: Present): Promise<void> {
    await this.tell(projectId, announceSql, [id, memberId, queues, capacity, LASTS_SECONDS]);
  }

  /** Returns how many events it made. */
  private async tell(projectId: number, text: string, params: readonly unknown[]): Promise<number> {
    const events = await this.database.query(text, [projectId, ...params]);
    if (events.length > 0) this.hint.wake(projectId);
    return events.length;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(
      () =>
        void this.runOnce()
          .catch((error: unknown) => this.warn(error))
          .finally(() => this.schedule()),
      RENEW_MS * (0.8 + 0.4 * Math.random()),
    );
    this.timer.unref();
  }

  private warn(error: unknown): void {
    this.logger.warn(`Telling who is there failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
