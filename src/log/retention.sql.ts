/**
 * $1 project, $2 days, $3 most events to look at. One bounded step of retention: deletes from the old end, up to the
 * first event that is young enough or that some reader (eval cases, webhooks) has yet to handle.
 *
 * The hash of the last deleted event stays in `log_head`, so that the chain can be checked from the oldest kept on.
 * The lock on the head row keeps two instances from doing the same step; the sequencer waits for it at most one step.
 */
export const DELETE_OLD = {
  name: 'log-delete-old',
  text: `
    WITH head AS (
      SELECT h.oldest_seq FROM log_head h WHERE h.project_id = $1 FOR UPDATE
    ), step AS (
      SELECT e.seq, e.hash, e.at < now() - make_interval(days => $2) AS is_old
        FROM head JOIN event e ON e.project_id = $1 AND e.seq >= head.oldest_seq
       ORDER BY e.seq LIMIT $3
    ), cut AS (
      SELECT least(
               coalesce((SELECT min(s.seq) - 1 FROM step s WHERE NOT s.is_old), (SELECT max(s.seq) FROM step s)),
               (SELECT min(r.seq) FROM log_reader r WHERE r.project_id = $1),
               (SELECT min(p.seq) - 1 FROM log_parked p WHERE p.project_id = $1)
             ) AS seq
    ), moved AS (
      UPDATE log_head h SET oldest_seq = cut.seq + 1, base_hash = step.hash
        FROM cut JOIN step ON step.seq = cut.seq
       WHERE h.project_id = $1
      RETURNING h.oldest_seq
    ), deleted AS (
      DELETE FROM event e USING moved WHERE e.project_id = $1 AND e.seq < moved.oldest_seq RETURNING 1
    )
    SELECT count(*)::integer AS deleted FROM deleted`,
};
