import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys are listed newest first, a page at a time. */
export class AccessList1795300000026 implements MigrationInterface {
  name = 'AccessList1795300000026';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE INDEX access_key_listed ON access_key (project_id, created_at DESC, id DESC)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX access_key_listed`);
  }
}
