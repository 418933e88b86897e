/**
 * What the readers of the log ask. Each answers with the bounds of the log in the same snapshot as the events, so that
 * a reader can tell "nothing yet" from "deleted by retention" however the two race.
 */

/** A microsecond clock as one number; a JavaScript Date would cut it to milliseconds. */
export const COLUMNS = `e.seq::text AS seq, e.kind, e.actor, e.item_id, e.queue_id, e.data, e.at`;

/** $1 project. No row: nothing was ever logged. */
export const BOUNDS = {
  name: 'log-bounds',
  text: `SELECT h.seq::text AS head, h.oldest_seq::text AS oldest FROM log_head h WHERE h.project_id = $1`,
};

/** $1 project, $2 after this seq, $3 most rows. At least one row unless nothing was ever logged. */
export const PAGE = {
  name: 'log-page',
  text: `
    SELECT h.seq::text AS head, h.oldest_seq::text AS oldest, ${COLUMNS}
      FROM log_head h
      LEFT JOIN LATERAL (
        SELECT * FROM event e WHERE e.project_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3
      ) e ON true
     WHERE h.project_id = $1
     ORDER BY e.seq`,
};

/**
 * $1 project, $2 after this seq, $3 most rows, $4 kinds, $5 how far to look. A replay of rare kinds ships only them; the
 * bound on how far one statement looks keeps it short when there are none for a million events.
 */
export const PAGE_OF_KINDS = {
  name: 'log-page-of-kinds',
  text: `
    SELECT h.seq::text AS head, h.oldest_seq::text AS oldest, ${COLUMNS}
      FROM log_head h
      LEFT JOIN LATERAL (
        SELECT * FROM event e
         WHERE e.project_id = $1 AND e.seq > $2 AND e.seq <= $2::bigint + $5 AND e.kind = ANY ($4::text[])
         ORDER BY e.seq LIMIT $3
      ) e ON true
     WHERE h.project_id = $1
     ORDER BY e.seq`,
};
