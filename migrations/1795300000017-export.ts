import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lets an export read a dataset at a position in one walk along the primary key.
 *
 * `next_position` says where the next revision of the case came: a revision is the newest at every position from its own
 * up to there. It is the only thing about a revision that is ever written later. Each case has exactly one revision
 * without it, which the unique index guards. `largest_record` bounds what a page of so many rows can weigh, so that
 * nobody has to look at their sizes first; it only grows.
 */
export class Export1795300000017 implements MigrationInterface {
  name = 'Export1795300000017';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE eval_case_revision ADD COLUMN next_position bigint`);
    await db.query(`
      UPDATE eval_case_revision r SET next_position = n.next_position
      FROM (
        SELECT project_id, dataset_id, case_id, revision,
          lead(position) OVER (PARTITION BY project_id, dataset_id, case_id ORDER BY revision) AS next_position
        FROM eval_case_revision
      ) n
      WHERE n.next_position IS NOT NULL AND r.project_id = n.project_id AND r.dataset_id = n.dataset_id
        AND r.case_id = n.case_id AND r.revision = n.revision`);
    await db.query(`
      ALTER TABLE eval_case_revision
        ADD CONSTRAINT eval_case_revision_next_position_range CHECK (next_position > position)`);
    await db.query(`
      CREATE UNIQUE INDEX eval_case_revision_newest_once ON eval_case_revision (project_id, dataset_id, case_id)
        WHERE next_position IS NULL`);
    await db.query(`ALTER TABLE dataset ADD COLUMN largest_record integer NOT NULL DEFAULT 0`);
    await db.query(`
      UPDATE dataset d SET largest_record = coalesce((
        SELECT max(r.record_bytes) FROM eval_case_revision r WHERE r.project_id = d.project_id AND r.dataset_id = d.id), 0)`);
    await db.query(`ALTER TABLE dataset ADD CONSTRAINT dataset_largest_record_range CHECK (largest_record >= 0)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE dataset DROP COLUMN largest_record`);
    await db.query(`DROP INDEX eval_case_revision_newest_once`);
    await db.query(`ALTER TABLE eval_case_revision DROP COLUMN next_position`);
  }
}
