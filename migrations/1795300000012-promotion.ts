import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What stands between a resolution and an eval case: the bar of a dataset, what waits because of it or because answers
 * disagree, and what managers decided.
 *
 * Hashes are SHA-256 over RFC 8785 JSON. `input_hash` finds the cases that ask the same, `answers` is what each accepts
 * (its expected output and the alternatives), `base_hash` is the content as the item's resolution alone makes it: a
 * decision of a manager is about that content and does not outlive it.
 */
export class Promotion1795300000012 implements MigrationInterface {
  name = 'Promotion1795300000012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE dataset
        ADD COLUMN bar_verdicts text[] NOT NULL DEFAULT '{CONFIRMED,CORRECTED,REJECTED}',
        ADD COLUMN bar_min_agreement double precision NOT NULL DEFAULT 0,
        ADD COLUMN bar_min_reviewers smallint NOT NULL DEFAULT 0,
        ADD COLUMN bar_adjudicated_passes boolean NOT NULL DEFAULT true,
        ADD CONSTRAINT dataset_bar_verdicts_known CHECK (bar_verdicts <@ '{CONFIRMED,CORRECTED,REJECTED}'
          AND cardinality(bar_verdicts) > 0),
        ADD CONSTRAINT dataset_bar_min_agreement_range CHECK (bar_min_agreement BETWEEN 0 AND 1),
        ADD CONSTRAINT dataset_bar_min_reviewers_range CHECK (bar_min_reviewers BETWEEN 0 AND 100)`);
    // Cases from before have none and are compared with others from their next revision on.
    await db.query(`
      ALTER TABLE eval_case
        ADD COLUMN input_hash bytea,
        ADD COLUMN base_hash bytea,
        ADD COLUMN answers bytea[] NOT NULL DEFAULT '{}'`);
    await db.query(`
      CREATE INDEX eval_case_same_input ON eval_case (project_id, dataset_id, input_hash) WHERE NOT is_retracted`);
    // What would be a case and is none yet. The expected output is kept as it would stand in the record, to be shown.
    await db.query(`
      CREATE TABLE eval_hold (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        item_id uuid NOT NULL,
        kind text NOT NULL,
        reasons text[] NOT NULL DEFAULT '{}',
        verdict text NOT NULL,
        expected json,
        input_hash bytea NOT NULL,
        base_hash bytea NOT NULL,
        answers bytea[] NOT NULL,
        held_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT eval_hold_pkey PRIMARY KEY (project_id, dataset_id, item_id),
        CONSTRAINT eval_hold_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_hold_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT eval_hold_kind_known CHECK (kind IN ('QUARANTINE', 'CONFLICT')),
        CONSTRAINT eval_hold_reasons_of_quarantine CHECK ((kind = 'QUARANTINE') = (cardinality(reasons) > 0)),
        CONSTRAINT eval_hold_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED'))
      )`);
    await db.query(`
      CREATE INDEX eval_hold_conflict ON eval_hold (project_id, dataset_id, input_hash, item_id)
        WHERE kind = 'CONFLICT'`);
    await db.query(`
      CREATE INDEX eval_hold_quarantine ON eval_hold (project_id, dataset_id, item_id) WHERE kind = 'QUARANTINE'`);
    // A manager let the content through the bar, or dropped it. The log has all of them, this the newest.
    await db.query(`
      CREATE TABLE eval_ruling (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        item_id uuid NOT NULL,
        kind text NOT NULL,
        base_hash bytea NOT NULL,
        actor text NOT NULL,
        reason text NOT NULL,
        decided_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT eval_ruling_pkey PRIMARY KEY (project_id, dataset_id, item_id),
        CONSTRAINT eval_ruling_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_ruling_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT eval_ruling_kind_known CHECK (kind IN ('ADMITTED', 'DROPPED'))
      )`);
    // What a manager put in the place of what the item says; null leaves that as it is.
    await db.query(`
      CREATE TABLE eval_edit (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        item_id uuid NOT NULL,
        base_hash bytea NOT NULL,
        tags text[],
        assertions json,
        alternatives json,
        actor text NOT NULL,
        edited_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT eval_edit_pkey PRIMARY KEY (project_id, dataset_id, item_id),
        CONSTRAINT eval_edit_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_edit_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['eval_edit', 'eval_ruling', 'eval_hold']) await db.query(`DROP TABLE ${table}`);
    await db.query(`DROP INDEX eval_case_same_input`);
    await db.query(`ALTER TABLE eval_case DROP COLUMN input_hash, DROP COLUMN base_hash, DROP COLUMN answers`);
    await db.query(`
      ALTER TABLE dataset DROP COLUMN bar_verdicts, DROP COLUMN bar_min_agreement, DROP COLUMN bar_min_reviewers,
        DROP COLUMN bar_adjudicated_passes`);
  }
}
