import type { Statement } from '../database/database.js';

/**
 * The events about one item, oldest first, by the index that the log has for that: $1 project, $2 item, $3 after this
 * seq, $4 most rows, $5 the viewer's member id or null. Names are those of today. Whoever holds the item for review is
 * told that others answered, and not what: reviews are blind here as everywhere.
 *
 * Known limit: an event is here once the sequencer gave it its place, some hundredths of a second after the change.
 */
export const itemHistorySql: Statement = {
  name: 'item-history',
  text: `
    SELECT e.seq::text AS seq, e.kind, e.at, e.actor, coalesce(m.name, k.name) AS actor_name,
           s.id AS member_id, s.name AS member_name, q.name AS queue_name,
           CASE WHEN h.is_holder AND e.kind IN ('REVIEW_SUBMITTED', 'ITEM_RESOLVED')
                THEN (e.data::jsonb - 'verdict' - 'contentHash')::json ELSE e.data END AS data
      FROM event e
      CROSS JOIN (SELECT EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.member_id = $5::uuid
                                    AND a.item_id = $2) AS is_holder) h
      LEFT JOIN member m ON m.project_id = $1
            AND m.id = CASE WHEN e.actor LIKE 'member:%' THEN substr(e.actor, 8)::uuid END
      LEFT JOIN access_key k ON k.project_id = $1 AND k.id = CASE WHEN e.actor LIKE 'key:%' THEN substr(e.actor, 5) END
      LEFT JOIN member s ON s.project_id = $1 AND s.id = (e.data->>'memberId')::uuid
      LEFT JOIN queue q ON q.project_id = $1 AND q.id = e.queue_id
     WHERE e.project_id = $1 AND e.item_id = $2 AND e.seq > $3
     ORDER BY e.seq LIMIT $4`,
};
