import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far a dataset's cases from before inputs were compared have been taken in; null when all of them are. And of a
 * run's cases that were not tried as they must be, how many did not run and how many broke.
 */
export class OlderCasesAndBrokenRuns1795300000028 implements MigrationInterface {
  name = 'OlderCasesAndBrokenRuns1795300000028';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE dataset ADD COLUMN compare_after uuid`);
    await db.query(`UPDATE dataset SET compare_after = '00000000-0000-0000-0000-000000000000'`);
    await db.query(`
      ALTER TABLE eval_run ADD COLUMN missing integer NOT NULL DEFAULT 0, ADD COLUMN errored integer NOT NULL DEFAULT 0,
        ADD CONSTRAINT eval_run_incomplete_parts CHECK (missing >= 0 AND errored >= 0 AND missing + errored <= incomplete)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE eval_run DROP COLUMN missing, DROP COLUMN errored`);
    await db.query(`ALTER TABLE dataset DROP COLUMN compare_after`);
  }
}
