import type { IncomingMessage, ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import { Database } from '../database/database.js';
import { SystemDatabase } from '../database/system-database.js';

const BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What the service tells Prometheus about itself. Labels never name a project, a key or a person. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly http: Histogram<'method' | 'route' | 'status'>;

  constructor(
    private readonly database: Database,
    private readonly system: SystemDatabase,
  ) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.http = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From the first byte of a request to the last of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers,
    });
    this.gaugePool(registers);
    this.gaugeLog(registers);
  }

  /** Express middleware: times every request. */
  readonly middleware = (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const stop = this.http.startTimer({ method: methodOf(request), route: routeOf(request) });
    response.once('close', () => stop({ status: `${Math.floor(response.statusCode / 100)}xx` }));
    next();
  };

  private gaugePool(registers: Registry[]): void {
    const { pool } = this.database;
    new Gauge({
      name: 'database_connections',
      help: 'Connections of the request pool: total, idle; waiting are calls that have none yet.',
      labelNames: ['state'],
      registers,
      collect() {
        this.set({ state: 'total' }, pool.totalCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }

  private gaugeLog(registers: Registry[]): void {
    const measure = () => this.logLag();
    const waiting = new Gauge({
      name: 'log_outbox_events',
      help: 'Changes that are committed and do not have their place in the log yet, all projects together.',
      registers,
    });
    new Gauge({
      name: 'log_lag_seconds',
      help: 'Age of the oldest of them; -1 while the database does not answer.',
      registers,
      async collect() {
        const lag = await measure().catch(() => ({ events: -1, seconds: -1 }));
        waiting.set(lag.events);
        this.set(lag.seconds);
      },
    });
  }

  private async logLag(): Promise<{ events: number; seconds: number }> {
    const lag = { events: 0, seconds: 0 };
    for (const { id } of await this.system.query<{ id: number }>('SELECT id FROM project')) {
      const [row] = await this.system.query<{ events: number; seconds: number }>(
        `SELECT count(*)::int AS events, coalesce(extract(epoch FROM now() - min(at)), 0)::float8 AS seconds
           FROM outbox WHERE project_id = $1`,
        [id],
      );
      lag.events += row?.events ?? 0;
      lag.seconds = Math.max(lag.seconds, row?.seconds ?? 0);
    }
    return lag;
  }
}

/** Bounded: a label takes only values that we chose, whatever is sent. */
function methodOf({ method }: IncomingMessage): string {
  return method && ['GET', 'POST', 'OPTIONS', 'HEAD'].includes(method) ? method : 'other';
}

function routeOf({ url = '' }: IncomingMessage): string {
  const first = /^\/(graphql|export|metrics)(?=[/?]|$)/.exec(url)?.[1];
  return first ? `/${first}` : 'other';
}
