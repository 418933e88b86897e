import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';

import { CONFIG, type Config } from '../config.js';
import { LogHint } from './hint.js';
import { jittered } from './pulse.js';

export const CHANNEL = 'countersign_log';

const CHECK_MS = 10_000;
const DEADLINE_MS = 5_000;

/**
 * Hears from the sequencers of other instances that a log grew, on one connection of its own.
 *
 * It is a hint and no more: readers poll as well. Every 10 s it asks its session whether it still listens, with a
 * deadline, which finds a connection that went silent and a connection pooler that gave it another session. After each
 * reconnect all readers look once, for what was announced meanwhile. Known limit: behind a pooler in transaction mode
 * it never settles, and readers live on their poll.
 */
@Injectable()
export class LogListener implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(LogListener.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hint: LogHint,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; failures += 1) {
      try {
        await this.listen(() => (failures = 0));
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.logger.warn(`Not listening for news of the log, trying again: ${reason}`);
      }
      await this.pause(jittered(Math.min(100 * 2 ** failures, 5_000)));
    }
  }

  /** Returns when stopped, throws when the connection is lost. */
  private async listen(onListening: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      application_name: 'countersign listener',
      connectionTimeoutMillis: DEADLINE_MS,
      query_timeout: DEADLINE_MS,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => lost.abort(error));
    client.on('end', () => lost.abort(new Error('the connection ended')));
    client.on('notification', ({ payload }) => this.hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      onListening();
      this.hint.grown(null);
      while (!this.stopping.signal.aborted) {
        await this.pause(CHECK_MS, lost.signal);
        lost.signal.throwIfAborted();
        await this.check(client);
      }
    } finally {
      // A connection that went silent never says that it ended.
      await Promise.race([client.end().catch(() => undefined), sleep(1_000, undefined, { ref: false })]);
    }
  }

  private async check(client: pg.Client): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const { rows } = await client.query<{ channel: string }>(`SELECT pg_listening_channels() AS channel`);
    if (!rows.some(({ channel }) => channel === CHANNEL)) throw new Error('the session no longer listens');
  }

  private hear(payload: string): void {
    const [projectId] = payload.split(' ');
    if (/^\d+$/.test(projectId ?? '')) this.hint.grown(Number(projectId));
  }

  private async pause(ms: number, end?: AbortSignal): Promise<void> {
    const signal = end ? AbortSignal.any([this.stopping.signal, end]) : this.stopping.signal;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
