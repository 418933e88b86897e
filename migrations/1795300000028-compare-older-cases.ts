import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far a dataset's cases from before inputs were compared have been taken in; null when all of them are. */
export class CompareOlderCases1795300000028 implements MigrationInterface {
  name = 'CompareOlderCases1795300000028';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE dataset ADD COLUMN compare_after uuid`);
    await db.query(`UPDATE dataset SET compare_after = '00000000-0000-0000-0000-000000000000'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE dataset DROP COLUMN compare_after`);
  }
}
