import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Further reviews while reviewers disagree, open items that follow their queue, and items whose answer is known. */
export class Overlap1795300000014 implements MigrationInterface {
  name = 'Overlap1795300000014';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE queue
        ADD COLUMN reviews_max smallint,
        ADD COLUMN agreement_bar double precision NOT NULL DEFAULT 0.5,
        ADD COLUMN gold_rate double precision NOT NULL DEFAULT 0,
        ADD COLUMN gold_bar double precision NOT NULL DEFAULT 0,
        ADD COLUMN gold_minimum integer NOT NULL DEFAULT 10,
        ADD COLUMN gold_salt text NOT NULL DEFAULT gen_random_uuid()::text,
        ADD CONSTRAINT queue_reviews_max_range CHECK (reviews_max BETWEEN reviews_required AND 9),
        ADD CONSTRAINT queue_agreement_bar_range CHECK (agreement_bar BETWEEN 0 AND 1),
        ADD CONSTRAINT queue_gold_rate_range CHECK (gold_rate BETWEEN 0 AND 0.5),
        ADD CONSTRAINT queue_gold_bar_range CHECK (gold_bar BETWEEN 0 AND 1),
        ADD CONSTRAINT queue_gold_minimum_range CHECK (gold_minimum BETWEEN 1 AND 1000)`);
    // A queue whose number of reviews was changed, and how far its open items have followed; see src/review/resize.sql.ts.
    await db.query(`
      CREATE TABLE queue_resize (
        project_id integer NOT NULL,
        queue_id uuid NOT NULL,
        saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        is_second_pass boolean NOT NULL DEFAULT false,
        after_at timestamptz NOT NULL DEFAULT '-infinity',
        after_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
        CONSTRAINT queue_resize_pkey PRIMARY KEY (project_id, queue_id),
        CONSTRAINT queue_resize_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue (project_id, id)
      )`);
    // An item with a slot too many that somebody holds: it is looked at again when the lease has ended.
    await db.query(`
      CREATE TABLE item_resize (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        CONSTRAINT item_resize_pkey PRIMARY KEY (project_id, item_id),
        CONSTRAINT item_resize_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id)
      )`);
    // An output whose right answer is known. Never an item itself: each reviewer gets a copy of their own.
    await db.query(`
      CREATE TABLE gold (
        project_id integer NOT NULL,
        id uuid NOT NULL,
        queue_id uuid NOT NULL,
        item_id uuid,
        source text,
        model_name text,
        model_version text,
        prompt_name text,
        prompt_version text,
        confidence double precision,
        risk text,
        reasons text[],
        signals json,
        tags text[],
        input json NOT NULL,
        output json NOT NULL,
        context json NOT NULL DEFAULT '[]',
        metadata json,
        verdict text NOT NULL,
        corrected_outputs json NOT NULL DEFAULT '[]',
        labels json NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        created_by text NOT NULL,
        retired_at timestamptz,
        CONSTRAINT gold_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT gold_queue FOREIGN KEY (project_id, queue_id) REFERENCES queue (project_id, id),
        CONSTRAINT gold_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT gold_verdict_known CHECK (verdict IN ('CONFIRMED', 'CORRECTED', 'REJECTED')),
        CONSTRAINT gold_corrections CHECK (verdict = 'CORRECTED' OR corrected_outputs::text = '[]')
      )`);
    await db.query(`CREATE INDEX gold_of_queue ON gold (project_id, queue_id, id)`);
    // The copy that a member was given, and whether they were right; null until they answer.
    await db.query(`
      CREATE TABLE gold_item (
        project_id integer NOT NULL,
        item_id uuid NOT NULL,
        gold_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        member_id uuid NOT NULL,
        is_right boolean,
        CONSTRAINT gold_item_pkey PRIMARY KEY (project_id, item_id),
        CONSTRAINT gold_item_once UNIQUE (project_id, member_id, gold_id),
        CONSTRAINT gold_item_item FOREIGN KEY (project_id, item_id) REFERENCES item (project_id, id),
        CONSTRAINT gold_item_gold FOREIGN KEY (project_id, gold_id) REFERENCES gold (project_id, id)
      )`);
    // How a member stands in a queue: claims so far, the copy that waits for them, and answers since they were last let in.
    await db.query(`
      CREATE TABLE gold_standing (
        project_id integer NOT NULL,
        member_id uuid NOT NULL,
        queue_id uuid NOT NULL,
        claims bigint NOT NULL DEFAULT 0,
        item_id uuid,
        answered integer NOT NULL DEFAULT 0,
        answered_right integer NOT NULL DEFAULT 0,
        paused_at timestamptz,
        CONSTRAINT gold_standing_pkey PRIMARY KEY (project_id, member_id, queue_id),
        CONSTRAINT gold_standing_right_range CHECK (answered_right BETWEEN 0 AND answered)
      ) WITH (fillfactor = 50)`);
    // Such a copy is no item of the queue: nothing counts, lists, exports or moves it. Its one slot has the number -1.
    await db.query(`ALTER TABLE item ADD COLUMN is_gold boolean NOT NULL DEFAULT false`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE item DROP COLUMN is_gold`);
    for (const table of ['gold_standing', 'gold_item', 'gold', 'item_resize', 'queue_resize']) {
      await db.query(`DROP TABLE ${table}`);
    }
    await db.query(`
      ALTER TABLE queue DROP COLUMN reviews_max, DROP COLUMN agreement_bar, DROP COLUMN gold_rate, DROP COLUMN gold_bar,
        DROP COLUMN gold_minimum, DROP COLUMN gold_salt`);
  }
}
