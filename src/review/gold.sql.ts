/** What a manager does with known answers: $1 project. Rare, and not in anybody's way. */

/** Known answers that a queue may have that are not retired; each claim that gets one looks through them. */
export const MOST_GOLD = 500;

/** Gold as the API shows it. $2 queue, $3 one of it or null for all. */
export const goldSql = `
SELECT g.id, g.queue_id AS "queueId", g.item_id AS "itemId", g.input, g.output, g.verdict,
       g.corrected_outputs AS "correctedOutputs", g.labels, g.created_at AS "createdAt", g.retired_at AS "retiredAt",
       coalesce(c.answered, 0) AS answered, coalesce(c.right, 0) AS right
  FROM gold g
  LEFT JOIN (SELECT c.gold_id, count(c.is_right)::integer AS answered,
                    (count(*) FILTER (WHERE c.is_right))::integer AS right
               FROM gold_item c WHERE c.project_id = $1 AND c.queue_id = $2 GROUP BY c.gold_id) c ON c.gold_id = g.id
 WHERE g.project_id = $1 AND g.queue_id = $2 AND ($3::uuid IS NULL OR g.id = $3)
 ORDER BY g.retired_at IS NOT NULL, g.id DESC LIMIT ${MOST_GOLD}`;

/** The item that one is made of, with its final answer if it has one. */
export const goldSourceSql = `
SELECT i.queue_id, i.status, e.output, r.verdict, r.output AS corrected, r.labels
  FROM item i JOIN evidence e ON e.project_id = $1 AND e.item_id = i.id
  LEFT JOIN resolution r ON r.project_id = $1 AND r.item_id = i.id AND i.status = 'RESOLVED'
 WHERE i.project_id = $1 AND i.id = $2 AND NOT i.is_gold`;

export const countGoldSql = `
SELECT count(*)::integer AS there FROM gold g WHERE g.project_id = $1 AND g.queue_id = $2 AND g.retired_at IS NULL`;

/** $2 id, $3 item, $4 verdict, $5 corrections, $6 labels, $7 who. */
export const goldFromItemSql = `
INSERT INTO gold (project_id, id, queue_id, item_id, source, model_name, model_version, prompt_name, prompt_version,
                  confidence, risk, reasons, signals, tags, input, output, context, metadata, verdict,
                  corrected_outputs, labels, created_by)
SELECT $1, $2, i.queue_id, i.id, i.source, i.model_name, i.model_version, i.prompt_name, i.prompt_version, i.confidence,
       i.risk, i.reasons, i.signals, i.tags, e.input, e.output, e.context, e.metadata, $4, $5, $6, $7
  FROM item i JOIN evidence e ON e.project_id = $1 AND e.item_id = i.id
 WHERE i.project_id = $1 AND i.id = $3`;

/** $2 id, $3 queue, $4 … $7 what is shown, $8 verdict, $9 corrections, $10 labels, $11 who. */
export const goldAsGivenSql = `
INSERT INTO gold (project_id, id, queue_id, input, output, context, metadata, verdict, corrected_outputs, labels,
                  created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

/** $2 which. A row if there is one; twice changes nothing. */
export const retireGoldSql = `
UPDATE gold SET retired_at = coalesce(retired_at, now()) WHERE project_id = $1 AND id = $2
RETURNING queue_id, retired_at = now() AS is_new`;

/** $2 member, $3 queue. A row when they were paused. */
export const resumeSql = `
UPDATE gold_standing SET paused_at = NULL, answered = 0, answered_right = 0
 WHERE project_id = $1 AND member_id = $2 AND queue_id = $3 AND paused_at IS NOT NULL
RETURNING member_id`;

/** Who is paused where, the longest first. Members are some hundreds, and few of them are paused. */
export const pausesSql = `
SELECT g.member_id AS "memberId", g.queue_id AS "queueId", g.paused_at AS "pausedAt", g.answered,
       g.answered_right AS right
  FROM gold_standing g WHERE g.project_id = $1 AND g.paused_at IS NOT NULL
 ORDER BY g.paused_at, g.member_id, g.queue_id LIMIT 1000`;
