import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What eval suites read: datasets, their cases and revisions, and snapshots.
 *
 * A dataset counts its changes: each transaction that adds revisions takes the next position, under the lock of the
 * dataset's row, and marks them with it. "The dataset at position P" is for every case its newest revision at or before
 * P, and nothing can change it any more. A snapshot is therefore a position with a number and a hash, not a copied list:
 * freezing a million cases writes one row, and the difference of two snapshots is the revisions between two positions.
 */
export class Dataset1795300000005 implements MigrationInterface {
  name = 'Dataset1795300000005';

  async up(db: QueryRunner): Promise<void> {
    // The salt decides the splits and the reviewers' pseudonyms; it never leaves the database.
    await db.query(`
      CREATE TABLE dataset (
        project_id integer NOT NULL CONSTRAINT dataset_project REFERENCES project (id),
        id uuid NOT NULL,
        key text NOT NULL,
        name text NOT NULL,
        salt text NOT NULL,
        train_percent smallint NOT NULL DEFAULT 0,
        validation_percent smallint NOT NULL DEFAULT 0,
        test_percent smallint NOT NULL DEFAULT 100,
        case_count integer NOT NULL DEFAULT 0,
        position bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT dataset_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT dataset_key_unique UNIQUE (project_id, key),
        CONSTRAINT dataset_key_form CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        CONSTRAINT dataset_salt_form CHECK (salt ~ '^[0-9a-f]{64}$'),
        CONSTRAINT dataset_split_whole CHECK (train_percent >= 0 AND validation_percent >= 0 AND test_percent >= 0
          AND train_percent + validation_percent + test_percent = 100),
        CONSTRAINT dataset_case_count_range CHECK (case_count >= 0)
      ) WITH (fillfactor = 50)`);
    // Which queues feed a dataset: resolved items of these become its cases.
    await db.query(`
      CREATE TABLE dataset_queue (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        CONSTRAINT dataset_queue_pkey PRIMARY KEY (project_id, dataset_id, queue_id),
        CONSTRAINT dataset_queue_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT dataset_queue_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue (project_id, id)
      )`);
    await db.query(`CREATE INDEX dataset_queue_queue_id ON dataset_queue (project_id, queue_id)`);
    // One per item and dataset, with what its newest revision is. The split is decided once and stays.
    await db.query(`
      CREATE TABLE eval_case (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        id uuid NOT NULL,
        item_id uuid NOT NULL,
        group_key text NOT NULL,
        split text NOT NULL,
        revision integer NOT NULL,
        content_hash bytea NOT NULL,
        is_retracted boolean NOT NULL DEFAULT false,
        CONSTRAINT eval_case_pkey PRIMARY KEY (project_id, dataset_id, id),
        CONSTRAINT eval_case_item_once UNIQUE (project_id, dataset_id, item_id),
        CONSTRAINT eval_case_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_case_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT eval_case_split_known CHECK (split IN ('train', 'validation', 'test')),
        CONSTRAINT eval_case_revision_range CHECK (revision >= 1)
      ) WITH (fillfactor = 80)`);
    // Never changed. The record is the canonical JSON line as it is exported; none means that the case was retracted.
    await db.query(`
      CREATE TABLE eval_case_revision (
        project_id integer NOT NULL,
        dataset_id uuid NOT NULL,
        case_id uuid NOT NULL,
        revision integer NOT NULL,
        position bigint NOT NULL,
        content_hash bytea NOT NULL,
        split text NOT NULL,
        verdict text,
        tags text[] NOT NULL DEFAULT '{}',
        record text,
        record_bytes integer GENERATED ALWAYS AS (octet_length(record)) STORED,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT eval_case_revision_pkey PRIMARY KEY (project_id, dataset_id, case_id, revision),
        CONSTRAINT eval_case_revision_case FOREIGN KEY (project_id, dataset_id, case_id)
          REFERENCES eval_case (project_id, dataset_id, id),
        CONSTRAINT eval_case_revision_range CHECK (revision >= 1),
        CONSTRAINT eval_case_revision_position_range CHECK (position >= 1),
        CONSTRAINT eval_case_revision_split_known CHECK (split IN ('train', 'validation', 'test')),
        CONSTRAINT eval_case_revision_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')),
        CONSTRAINT eval_case_revision_retraction CHECK ((record IS NULL) = (verdict IS NULL)),
        CONSTRAINT eval_case_revision_one_line CHECK (strpos(record, chr(10)) = 0)
      )`);
    // What changed since a position: incremental export.
    await db.query(`
      CREATE INDEX eval_case_revision_position ON eval_case_revision (project_id, dataset_id, position, case_id)`);
    await db.query(`
      CREATE TABLE snapshot (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        dataset_id uuid NOT NULL,
        version integer NOT NULL,
        position bigint NOT NULL,
        hash bytea NOT NULL,
        case_count integer NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        CONSTRAINT snapshot_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT snapshot_version_unique UNIQUE (project_id, dataset_id, version),
        CONSTRAINT snapshot_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT snapshot_version_range CHECK (version >= 1),
        CONSTRAINT snapshot_case_count_range CHECK (case_count >= 0)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['snapshot', 'eval_case_revision', 'eval_case', 'dataset_queue', 'dataset']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
