/**
 * The statements of the sequencer: outbox rows in, a dense chained sequence out.
 *
 * Each runs in its own snapshot (READ COMMITTED), and the lock is taken by a statement of its own before the rows are
 * read: a snapshot taken together with the lock could be older than the last holder's commit and would show rows that
 * were moved already.
 *
 * Order: outbox ids are drawn one at a time inside the change's transaction. A change that saw another one's result drew
 * its ids later, and is not visible without it, so sorting a snapshot by id never puts an effect before its cause.
 * A lower id that commits later simply gets a later place.
 */

/** First key of the advisory locks of the log; the second is the project. */
export const SEQUENCER_LOCK = 7_203_002;

/** $1 lock, $2 project. Ends with the transaction, so a sequencer that is gone or stuck cannot keep it. */
export const LOCK = {
  name: 'sequencer-lock',
  text: `SELECT pg_try_advisory_xact_lock($1::integer, $2::integer) AS is_held`,
};

/** $1 project. */
export const HAS_WAITING = {
  name: 'sequencer-has-waiting',
  text: `SELECT EXISTS (SELECT FROM outbox o WHERE o.project_id = $1) AS is_waiting`,
};

/** $1 project, $2 most rows. `data` as text and `at` in microseconds: exactly what is hashed. */
export const WAITING = {
  name: 'sequencer-waiting',
  text: `
    SELECT o.id::text AS id, o.kind, o.actor, o.item_id, o.queue_id, o.data::text AS data, o.at,
           (extract(epoch FROM o.at) * 1000000)::bigint::text AS at_micros,
           h.seq::text AS head_seq, h.hash AS head_hash
      FROM outbox o
      LEFT JOIN log_head h ON h.project_id = $1
     WHERE o.project_id = $1
     ORDER BY o.id
     LIMIT $2`,
};

/**
 * $1 project, $2 outbox ids in their order, $3 their hashes, $4 head before, $5 genesis hash, $6 NOTIFY payload.
 *
 * The rows go from table to table inside the database, so what was hashed is what is stored, byte for byte. The one
 * NOTIFY of the batch is sent with its commit: a listener that hears it can read the events.
 */
export const MOVE = {
  name: 'sequencer-move',
  text: `
    WITH moved AS (
      DELETE FROM outbox o WHERE o.project_id = $1 AND o.id = ANY ($2::bigint[])
      RETURNING o.id, o.kind, o.actor, o.item_id, o.queue_id, o.data, o.at
    ), placed AS (
      INSERT INTO event (project_id, seq, kind, actor, item_id, queue_id, data, at, hash)
      SELECT $1, $4::bigint + p.place, m.kind, m.actor, m.item_id, m.queue_id, m.data, m.at, p.hash
        FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS p (id, hash, place)
        JOIN moved m ON m.id = p.id
       ORDER BY p.place
      RETURNING seq
    ), head AS (
      INSERT INTO log_head AS h (project_id, seq, hash, oldest_seq, base_hash)
      VALUES ($1, $4::bigint + cardinality($2::bigint[]), ($3::bytea[])[cardinality($3::bytea[])], 1, $5)
      ON CONFLICT (project_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash WHERE h.seq = $4
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM placed)::integer AS placed, (SELECT count(*) FROM head)::integer AS heads,
           pg_notify('countersign_log', $6)`,
};
