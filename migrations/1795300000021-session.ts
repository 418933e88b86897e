import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session knows which token it was opened with, so that it ends with it; what has ended can be found and deleted. */
export class Session1795300000021 implements MigrationInterface {
  name = 'Session1795300000021';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE access_key ADD COLUMN opened_with text`);
    await db.query(`
      CREATE INDEX access_key_opened_with ON access_key (project_id, opened_with) WHERE opened_with IS NOT NULL`);
    await db.query(`
      CREATE INDEX access_key_passing ON access_key (project_id, expires_at) WHERE kind IN ('SESSION', 'SIGN_IN_LINK')`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX access_key_passing`);
    await db.query(`DROP INDEX access_key_opened_with`);
    await db.query(`ALTER TABLE access_key DROP COLUMN opened_with`);
  }
}
