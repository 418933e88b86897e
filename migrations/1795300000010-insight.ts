import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What statistics are read from: sums by day that the log is folded into, and the way to items with several reviews. */
export class Insight1795300000010 implements MigrationInterface {
  name = 'Insight1795300000010';

  async up(db: QueryRunner): Promise<void> {
    // How often something happened in a queue on a day (UTC), to whom, and for durations in which bucket of a
    // logarithmic scale: then medians of any period are sums too. What is measured: src/insight/tally.ts.
    await db.query(`
      CREATE TABLE tally (
        project_id integer NOT NULL,
        queue_id uuid NOT NULL,
        measure text NOT NULL,
        day date NOT NULL,
        subject text NOT NULL,
        bucket smallint NOT NULL,
        n bigint NOT NULL,
        CONSTRAINT tally_pkey PRIMARY KEY (project_id, queue_id, measure, day, subject, bucket),
        CONSTRAINT tally_measure_form CHECK (measure ~ '^[A-Z][A-Z_]{0,62}$')
      ) WITH (fillfactor = 70)`);
    // An item with several reviews has one in a slot after the first. Queues that ask for one review pay nothing.
    // Not project first, so that no plan made on an empty table takes it for the index of a whole project.
    await db.query(`CREATE INDEX review_further ON review (queue_id, submitted_at) WHERE slot > 0 AND revision = 0`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX review_further`);
    await db.query(`DROP TABLE tally`);
  }
}
