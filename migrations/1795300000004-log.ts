import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log: outbox rows written by each change of state, and the dense, chained sequence made of them. */
export class Log1795300000004 implements MigrationInterface {
  name = 'Log1795300000004';

  async up(db: QueryRunner): Promise<void> {
    // Written in the transaction of the change; emptied by the sequencer. Ids are taken one at a time (no cache), so
    // that what happened after a commit always has a larger id than what the commit wrote. What the log could not take
    // is refused here, so that no row can ever stand in the way of the ones behind it.
    await db.query(`
      CREATE TABLE outbox (
        project_id integer NOT NULL,
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL,
        actor text NOT NULL,
        item_id uuid,
        queue_id uuid,
        data json NOT NULL DEFAULT '{}',
        at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT outbox_pkey PRIMARY KEY (project_id, id),
        CONSTRAINT outbox_kind_form CHECK (kind ~ '^[A-Z][A-Z_]{0,62}$'),
        CONSTRAINT outbox_actor_form CHECK (actor ~ '^(system|(member|key):.{1,200})$'),
        CONSTRAINT outbox_data_object CHECK (json_typeof(data) = 'object')
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0)`);
    // Append only: rows are never changed, and deleted only by retention, oldest first.
    await db.query(`
      CREATE TABLE event (
        project_id integer NOT NULL,
        seq bigint NOT NULL,
        kind text NOT NULL,
        actor text NOT NULL,
        item_id uuid,
        queue_id uuid,
        data json NOT NULL,
        at timestamptz NOT NULL,
        hash bytea NOT NULL,
        CONSTRAINT event_pkey PRIMARY KEY (project_id, seq),
        CONSTRAINT event_seq_range CHECK (seq >= 1),
        CONSTRAINT event_hash_size CHECK (octet_length(hash) = 32)
      )`);
    await db.query(`CREATE INDEX event_item ON event (project_id, item_id, seq) WHERE item_id IS NOT NULL`);
    // Where the chain ends, how far back events are kept, and the hash before the oldest kept: what it is chained to.
    await db.query(`
      CREATE TABLE log_head (
        project_id integer NOT NULL CONSTRAINT log_head_pkey PRIMARY KEY,
        seq bigint NOT NULL,
        hash bytea NOT NULL,
        oldest_seq bigint NOT NULL,
        base_hash bytea NOT NULL,
        CONSTRAINT log_head_project FOREIGN KEY (project_id) REFERENCES project (id),
        CONSTRAINT log_head_oldest_range CHECK (oldest_seq BETWEEN 1 AND seq + 1),
        CONSTRAINT log_head_hash_size CHECK (octet_length(hash) = 32 AND octet_length(base_hash) = 32)
      ) WITH (fillfactor = 50)`);
    // How far each downstream reader (eval cases, webhooks) has come; moved in the transaction of its work.
    await db.query(`
      CREATE TABLE log_reader (
        project_id integer NOT NULL,
        name text NOT NULL,
        seq bigint NOT NULL DEFAULT 0,
        CONSTRAINT log_reader_pkey PRIMARY KEY (project_id, name)
      ) WITH (fillfactor = 50)`);
    // Events that a reader could not handle and has set aside, to try again while the others go on.
    await db.query(`
      CREATE TABLE log_parked (
        project_id integer NOT NULL,
        name text NOT NULL,
        seq bigint NOT NULL,
        item_id uuid,
        attempts integer NOT NULL DEFAULT 0,
        last_error text NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        CONSTRAINT log_parked_pkey PRIMARY KEY (project_id, name, seq),
        CONSTRAINT log_parked_reader FOREIGN KEY (project_id, name) REFERENCES log_reader (project_id, name)
      )`);
    await db.query(`
      CREATE TABLE queue_count (
        project_id integer NOT NULL,
        queue_id uuid NOT NULL,
        open bigint NOT NULL DEFAULT 0,
        leased bigint NOT NULL DEFAULT 0,
        needs_adjudication bigint NOT NULL DEFAULT 0,
        resolved bigint NOT NULL DEFAULT 0,
        withdrawn bigint NOT NULL DEFAULT 0,
        reviews bigint NOT NULL DEFAULT 0,
        CONSTRAINT queue_count_pkey PRIMARY KEY (project_id, queue_id)
      ) WITH (fillfactor = 50)`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['queue_count', 'log_parked', 'log_reader', 'log_head', 'event', 'outbox'])
      await db.query(`DROP TABLE ${table}`);
  }
}
