import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of items with one input and one answer, one is the case; the others wait behind it. */
export class DuplicateCases1795300000027 implements MigrationInterface {
  name = 'DuplicateCases1795300000027';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE eval_hold DROP CONSTRAINT eval_hold_kind_known,
        ADD CONSTRAINT eval_hold_kind_known CHECK (kind IN ('QUARANTINE', 'CONFLICT', 'DUPLICATE'))`);
    await db.query(`
      CREATE INDEX eval_hold_duplicate ON eval_hold (project_id, dataset_id, input_hash, base_hash, item_id)
        WHERE kind = 'DUPLICATE'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX eval_hold_duplicate`);
    await db.query(`DELETE FROM eval_hold WHERE kind = 'DUPLICATE'`);
    await db.query(`
      ALTER TABLE eval_hold DROP CONSTRAINT eval_hold_kind_known,
        ADD CONSTRAINT eval_hold_kind_known CHECK (kind IN ('QUARANTINE', 'CONFLICT'))`);
  }
}
