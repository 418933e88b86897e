import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known between eval cases and of their runs: inputs that are almost the same, and what suites reported. */
export class EvalFeedback1795300000018 implements MigrationInterface {
  name = 'EvalFeedback1795300000018';

  async up(db: QueryRunner): Promise<void> {
    // One per distinct input of a dataset, however many cases have it. Cases from before are compared from their next
    // revision on.
    await db.query(`
      CREATE TABLE eval_input (
        project_id integer NOT NULL,
        no bigint GENERATED ALWAYS AS IDENTITY,
        dataset_id uuid NOT NULL,
        input_hash bytea NOT NULL,
        signature bytea,
        CONSTRAINT eval_input_pkey PRIMARY KEY (project_id, no),
        CONSTRAINT eval_input_once UNIQUE (project_id, dataset_id, input_hash),
        CONSTRAINT eval_input_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_input_signature_size CHECK (octet_length(signature) = 128)
      )`);
    // Where the like of an input is found; see src/dataset/near.signature.ts.
    await db.query(`
      CREATE TABLE eval_input_band (
        project_id integer NOT NULL,
        band bigint NOT NULL,
        input_no bigint NOT NULL,
        CONSTRAINT eval_input_band_pkey PRIMARY KEY (project_id, band, input_no),
        CONSTRAINT eval_input_band_input FOREIGN KEY (project_id, input_no) REFERENCES eval_input (project_id, no)
      )`);
    // Two inputs that are almost the same, the older one first. A manager may say that they are two all the same.
    await db.query(`
      CREATE TABLE eval_near (
        project_id integer NOT NULL,
        older_no bigint NOT NULL,
        newer_no bigint NOT NULL,
        dataset_id uuid NOT NULL,
        percent smallint NOT NULL,
        found_at timestamptz NOT NULL DEFAULT now(),
        distinct_by text,
        distinct_reason text,
        distinct_at timestamptz,
        CONSTRAINT eval_near_pkey PRIMARY KEY (project_id, older_no, newer_no),
        CONSTRAINT eval_near_older FOREIGN KEY (project_id, older_no) REFERENCES eval_input (project_id, no),
        CONSTRAINT eval_near_newer FOREIGN KEY (project_id, newer_no) REFERENCES eval_input (project_id, no),
        CONSTRAINT eval_near_order CHECK (older_no < newer_no),
        CONSTRAINT eval_near_percent_range CHECK (percent BETWEEN 0 AND 100),
        CONSTRAINT eval_near_distinct_whole CHECK ((distinct_by IS NULL) = (distinct_at IS NULL)
          AND (distinct_by IS NULL) = (distinct_reason IS NULL))
      )`);
    await db.query(`CREATE INDEX eval_near_newer_no ON eval_near (project_id, newer_no, older_no)`);
    await db.query(`
      CREATE INDEX eval_near_open ON eval_near (project_id, dataset_id, percent DESC, older_no, newer_no)
        WHERE distinct_at IS NULL`);
    // What a gate reported of one run of a suite. run_id is the runner's own; only the newest runs are kept.
    await db.query(`
      CREATE TABLE eval_run (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        dataset_id uuid NOT NULL,
        run_id text NOT NULL,
        outcome text NOT NULL,
        url text,
        commit_id text,
        passed integer NOT NULL,
        failed integer NOT NULL,
        incomplete integer NOT NULL,
        content_hash bytea NOT NULL,
        reported_by text NOT NULL,
        reported_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT eval_run_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT eval_run_once UNIQUE (project_id, dataset_id, run_id),
        CONSTRAINT eval_run_dataset FOREIGN KEY (project_id, dataset_id) REFERENCES dataset (project_id, id),
        CONSTRAINT eval_run_outcome_known CHECK (outcome IN ('PASSED', 'FAILED', 'INCOMPLETE')),
        CONSTRAINT eval_run_counts_range CHECK (passed >= 0 AND failed >= 0 AND incomplete >= 0)
      )`);
    await db.query(`CREATE INDEX eval_run_newest ON eval_run (project_id, dataset_id, id DESC)`);
    await db.query(`
      CREATE TABLE eval_result (
        project_id integer NOT NULL,
        run_id uuid NOT NULL,
        case_id uuid NOT NULL,
        item_id uuid NOT NULL,
        outcome text NOT NULL,
        CONSTRAINT eval_result_pkey PRIMARY KEY (project_id, run_id, case_id),
        CONSTRAINT eval_result_run FOREIGN KEY (project_id, run_id) REFERENCES eval_run (project_id, id)
          ON DELETE CASCADE,
        CONSTRAINT eval_result_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT eval_result_outcome_known CHECK (outcome IN ('PASSED', 'FAILED', 'INCOMPLETE'))
      )`);
    await db.query(`CREATE INDEX eval_result_case ON eval_result (project_id, case_id, run_id DESC)`);
    await db.query(`
      CREATE INDEX eval_result_failed ON eval_result (project_id, item_id, run_id DESC) WHERE outcome = 'FAILED'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['eval_result', 'eval_run', 'eval_near', 'eval_input_band', 'eval_input']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
