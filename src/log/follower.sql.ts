/** The statements of a follower. $1 is always the project, $2 the follower's name. */

/** Its time has come, and nothing earlier of the same item is set aside. */
const IS_DUE = `
  p.project_id = $1 AND p.name = $2 AND p.next_attempt_at <= now()
  AND NOT EXISTS (SELECT FROM log_parked f
                   WHERE f.project_id = $1 AND f.name = $2 AND f.item_id = p.item_id AND f.seq < p.seq)`;

/** One row if there is something to do: events that it has not handled, or set-aside ones whose time has come. */
export const HAS_WORK = {
  name: 'follower-has-work',
  text: `
    SELECT 1 FROM log_head h LEFT JOIN log_reader r ON r.project_id = $1 AND r.name = $2
     WHERE h.project_id = $1
       AND (r.seq IS NULL OR r.seq < h.seq
            OR EXISTS (SELECT FROM log_parked p WHERE ${IS_DUE}))`,
};

/** A follower that is new starts with the oldest event that is kept. */
export const ENROL = {
  name: 'follower-enrol',
  text: `
    INSERT INTO log_reader (project_id, name, seq)
    SELECT $1, $2, h.oldest_seq - 1 FROM log_head h WHERE h.project_id = $1
    ON CONFLICT (project_id, name) DO NOTHING`,
};

/** The row is the lock: whoever has it is the only one at this follower's work, and it goes with the transaction. */
export const TAKE = {
  name: 'follower-take',
  text: `
    SELECT r.seq::text AS seq FROM log_reader r WHERE r.project_id = $1 AND r.name = $2
       FOR NO KEY UPDATE SKIP LOCKED`,
};

/** $3 the seq up to which all is handled or set aside. */
export const ADVANCE = {
  name: 'follower-advance',
  text: `UPDATE log_reader r SET seq = $3 WHERE r.project_id = $1 AND r.name = $2`,
};

export const PARKED_ITEMS = {
  name: 'follower-parked-items',
  text: `SELECT DISTINCT p.item_id FROM log_parked p WHERE p.project_id = $1 AND p.name = $2 AND p.item_id IS NOT NULL`,
};

/** $3 seq, $4 item, $5 error, $6 whether it was tried. One that only waits for an earlier one is due at once. */
export const PARK = {
  name: 'follower-park',
  text: `
    INSERT INTO log_parked (project_id, name, seq, item_id, attempts, last_error, next_attempt_at)
    VALUES ($1, $2, $3, $4, $6::boolean::integer, $5, now() + CASE WHEN $6 THEN interval '1 second' ELSE interval '0' END)`,
};

/** Due ones, oldest first; of one item only the oldest, so that its events stay in order. */
export const DUE_PARKED = {
  name: 'follower-due-parked',
  text: `
    SELECT e.seq::text AS seq, e.kind, e.actor, e.item_id, e.queue_id, e.data, e.at
      FROM log_parked p JOIN event e ON e.project_id = $1 AND e.seq = p.seq
     WHERE ${IS_DUE}
     ORDER BY p.seq LIMIT 20`,
};

export const UNPARK = {
  name: 'follower-unpark',
  text: `DELETE FROM log_parked p WHERE p.project_id = $1 AND p.name = $2 AND p.seq = $3`,
};

/** Twice the pause of the last time, up to an hour. */
export const PARK_AGAIN = {
  name: 'follower-park-again',
  text: `
    UPDATE log_parked p
       SET attempts = p.attempts + 1, last_error = $4,
           next_attempt_at = now() + least(interval '1 second' * power(2, least(p.attempts, 12)), interval '1 hour')
     WHERE p.project_id = $1 AND p.name = $2 AND p.seq = $3`,
};
