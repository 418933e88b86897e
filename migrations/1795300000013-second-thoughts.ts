import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A review may be revised, an item handed to somebody more senior, and a reviewer kept from what would sway them. */
export class SecondThoughts1795300000013 implements MigrationInterface {
  name = 'SecondThoughts1795300000013';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE queue
        ADD COLUMN skip_reason_required boolean NOT NULL DEFAULT false,
        ADD COLUMN blind boolean NOT NULL DEFAULT true,
        ADD COLUMN hides_signals boolean NOT NULL DEFAULT false,
        ADD COLUMN revise_within_seconds integer NOT NULL DEFAULT 86400,
        ADD CONSTRAINT queue_revise_within_range CHECK (revise_within_seconds BETWEEN 0 AND 31536000)`);
    await db.query(`
      ALTER TABLE lapse DROP CONSTRAINT lapse_ended_as_known,
        ADD CONSTRAINT lapse_ended_as_known CHECK (ended_as IN ('RELEASED', 'SKIPPED', 'EXPIRED', 'ESCALATED'))`);
    // What the reviewer could see besides the evidence; null where that was not recorded yet.
    await db.query(`ALTER TABLE assignment ADD COLUMN shown text[]`);
    await db.query(`ALTER TABLE review ADD COLUMN shown text[]`);
    // Why a reviewer left an item to somebody more senior.
    await db.query(`
      CREATE TABLE escalation (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        assignment_id uuid NOT NULL,
        member_id uuid NOT NULL,
        note text NOT NULL,
        escalated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT escalation_pkey PRIMARY KEY (project_id, item_id, assignment_id),
        CONSTRAINT escalation_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT escalation_note_said CHECK (note <> '')
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE escalation`);
    await db.query(`ALTER TABLE review DROP COLUMN shown`);
    await db.query(`ALTER TABLE assignment DROP COLUMN shown`);
    await db.query(`DELETE FROM lapse WHERE ended_as = 'ESCALATED'`);
    await db.query(`
      ALTER TABLE lapse DROP CONSTRAINT lapse_ended_as_known,
        ADD CONSTRAINT lapse_ended_as_known CHECK (ended_as IN ('RELEASED', 'SKIPPED', 'EXPIRED'))`);
    await db.query(`
      ALTER TABLE queue DROP COLUMN skip_reason_required, DROP COLUMN blind, DROP COLUMN hides_signals,
        DROP COLUMN revise_within_seconds`);
  }
}
