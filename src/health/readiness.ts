import pg from 'pg';

type Phase = 'starting' | 'serving' | 'draining';

const PROBE_MS = 1_000;
const FRESH_MS = 250;
/** One lost probe is not an outage: until then the last good answer counts. */
const GRACE_MS = 2_000;

/**
 * Whether this process should be sent requests: it has migrated, is not stopping, and its database answers.
 * It asks over a connection of its own, so that a burst of requests does not make it look dead.
 */
export class Readiness {
  private phase: Phase = 'starting';
  private pool: pg.Pool | null = null;
  private lastGood = Number.NEGATIVE_INFINITY;
  private probe: { at: number; result: Promise<string | null> } | null = null;

  serve(databaseUrl: string): void {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: 'countersign health',
      max: 1,
      connectionTimeoutMillis: PROBE_MS,
      query_timeout: PROBE_MS,
    });
    this.pool.on('error', () => undefined);
    this.phase = 'serving';
  }

  async drain(): Promise<void> {
    this.phase = 'draining';
    await this.pool?.end();
  }

  /** Null when ready, otherwise the reason why not. Many askers at once cost one question to the database. */
  async reason(): Promise<string | null> {
    if (this.phase !== 'serving' || !this.pool) return this.phase;
    const now = performance.now();
    if (!this.probe || now - this.probe.at > FRESH_MS) this.probe = { at: now, result: this.ask(this.pool) };
    return this.probe.result;
  }

  private async ask(pool: pg.Pool): Promise<string | null> {
    try {
      await pool.query('SELECT 1');
      this.lastGood = performance.now();
      return null;
    } catch {
      return performance.now() - this.lastGood < GRACE_MS ? null : 'the database does not answer';
    }
  }
}
