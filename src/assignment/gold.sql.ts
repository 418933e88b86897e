import { draftColumns } from './draft.sql.js';
import { isForeverDone, isForMe } from './eligible.sql.js';
import { shownSql } from './shown.js';

/**
 * Known answers mixed in: how a claim comes to one, and how the reviewer's copy of it is made.
 *
 * The n-th claim of a member in a queue gets one when a hash of member, n and the queue's secret salt falls below the
 * rate: so asking again changes nothing, and nobody can work out when. It takes the place of an item that the member
 * would have got, and looks like it: a fresh copy, of the same instant, place, deadline, rule and, unless the known
 * answer brings its own, source, model and signals; external id, group and trace have the form of that item's.
 * Its rank is a microsecond sooner, so that it comes back before what is as urgent. One that was given back or ran out is offered to the same member again, at its place, before another.
 */

/** The kind of event of what became of a lease. All that is counted, exported and sent out passes by GOLD_ events. */
export const leaseEvent = (what: string): string => `CASE WHEN slot < 0 THEN 'GOLD_' ELSE 'ASSIGNMENT_' END || ${what}`;

/** Whether one of the next $4 claims in the queue is to get a known answer; $8 false: none is. */
export const isGoldDue = (scope: string): string => `CASE
           WHEN NOT $8::boolean OR ${scope}.gold_rate = 0 THEN false
           WHEN (SELECT i.status FROM item i WHERE i.project_id = $1 AND i.id = ${scope}.gold_item_id OFFSET 0) = 'OPEN'
                AND NOT (${isForeverDone(`${scope}.gold_item_id`, `${scope}.name`)}) THEN false
           ELSE EXISTS (SELECT FROM generate_series(${scope}.gold_claims, ${scope}.gold_claims + $4::integer - 1) AS n
                         WHERE hashtextextended(${scope}.gold_salt || $2::uuid::text || n, 0) & 1048575
                               < ${scope}.gold_rate * 1048576) END`;

/** The copies that the member gave back, as if they were tickets. OFFSET 0: by key, whatever a plan expects of `mine`. */
export const ownGoldSql = `
own_gold AS (
  SELECT DISTINCT ON (mine.queue_id) mine.lane_id, i.rank, i.id AS item_id, (-1)::smallint AS slot, mine.queue_id,
         mine.rubric_version, mine.lease_seconds, false AS separate_groups, false AS is_due
    FROM mine CROSS JOIN LATERAL (
           SELECT c.id, c.rank, c.status FROM item c WHERE c.project_id = $1 AND c.id = mine.gold_item_id OFFSET 0) i
   WHERE $8::boolean AND mine.gold_item_id IS NOT NULL AND i.status = 'OPEN' AND (SELECT places FROM room) > 0
     AND ${isForMe('mine.gold_item_id', 'mine')}
   ORDER BY mine.queue_id
)`;

/** A text of the same form: other digits, and longer where that is not enough to be another. */
const alike = (text: string): string => `(
    SELECT string_agg(CASE WHEN c ~ '[1-9]' THEN (1 + floor(random() * 9))::integer::text ELSE c END, '' ORDER BY n)
      FROM regexp_split_to_table(${text}, '') WITH ORDINALITY AS letter (c, n))`;
const another = (text: string, isFree: (candidate: string) => string): string => `(
    SELECT c.text FROM (VALUES (1, ${alike(text)}), (2, ${alike(text)}), (3, ${alike(`${text} || '1'`)}),
                               (4, ${alike(`${text} || '-1111'`)})) AS c (n, text)
     WHERE ${isFree('c.text')} OR c.n = 4 ORDER BY c.n LIMIT 1)`;

/**
 * $1 project, $2 member, $3 queue, $4 the item whose place it takes, or the member's own copy; $5 assignment, $6 token.
 * No row: the member has answered all that there are.
 */
export const serveGoldSql = `
WITH place AS MATERIALIZED (
  SELECT i.*, q.reviews_required AS reviews, q.rubric_version, q.lease_seconds, ${shownSql('q')} AS shown
    FROM item i JOIN queue q ON q.project_id = $1 AND q.id = $3 WHERE i.project_id = $1 AND i.id = $4
), chosen AS MATERIALIZED (
  SELECT g.*, (substr(p.id::text, 1, 15) || substr(gen_random_uuid()::text, 16))::uuid AS copy_id
    FROM place p CROSS JOIN member m JOIN gold g ON g.project_id = $1 AND g.queue_id = $3 AND g.retired_at IS NULL
   WHERE NOT p.is_gold AND m.project_id = $1 AND m.id = $2
     AND NOT EXISTS (SELECT FROM gold_item c WHERE c.project_id = $1 AND c.member_id = $2 AND c.gold_id = g.id)
     AND NOT (${isForeverDone('g.item_id', 'm.name')})
   ORDER BY hashtextextended(g.id::text || $2::uuid::text, 0) LIMIT 1
), made AS (
  INSERT INTO item (project_id, id, external_id, queue_id, source, model_name, model_version, prompt_name,
                    prompt_version, confidence, risk, reasons, signals, tags, group_key, trace_id, priority, due_at,
                    rank, reviews_required, policy_version, rule, created_at, is_gold)
  SELECT $1, g.copy_id,
         ${another('p.external_id', (text) => `NOT EXISTS (SELECT FROM flag f WHERE f.project_id = $1 AND f.external_id = ${text})`)},
         $3, coalesce(g.source, p.source),
         CASE WHEN g.source IS NULL THEN p.model_name ELSE g.model_name END,
         CASE WHEN g.source IS NULL THEN p.model_version ELSE g.model_version END,
         CASE WHEN g.source IS NULL THEN p.prompt_name ELSE g.prompt_name END,
         CASE WHEN g.source IS NULL THEN p.prompt_version ELSE g.prompt_version END,
         CASE WHEN g.source IS NULL THEN p.confidence ELSE g.confidence END,
         CASE WHEN g.source IS NULL THEN p.risk ELSE g.risk END, coalesce(g.reasons, p.reasons),
         coalesce(g.signals, p.signals), coalesce(g.tags, p.tags),
         ${another('p.group_key', (text) => `${text} <> p.group_key`)}, ${alike('p.trace_id')}, p.priority, p.due_at,
         p.rank - 1, p.reviews, p.policy_version, p.rule, p.created_at, true
    FROM chosen g CROSS JOIN place p
  RETURNING id, rank
), told AS (
  INSERT INTO evidence (project_id, item_id, input, output, context, metadata)
  SELECT $1, copy_id, input, output, context, metadata FROM chosen
), noted AS (
  INSERT INTO gold_item (project_id, item_id, gold_id, queue_id, member_id) SELECT $1, copy_id, id, $3, $2 FROM chosen
), target AS (
  SELECT id, rank FROM made UNION ALL SELECT id, rank FROM place WHERE is_gold AND status = 'OPEN'
), held AS (
  INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version,
                          lease_token, lease_seconds, lease_expires_at, claimed_at, shown)
  SELECT $1, $5, t.id, -1, $2, $3,
         (SELECT l.id FROM lane l WHERE l.project_id = $1 AND l.queue_id = $3 ORDER BY l.tier LIMIT 1), t.rank,
         p.rubric_version, $6, p.lease_seconds, now() + make_interval(secs => p.lease_seconds), now(), p.shown
    FROM target t CROSS JOIN place p
  RETURNING *
), counted AS (
  INSERT INTO gold_standing AS s (project_id, member_id, queue_id, claims, item_id)
  SELECT $1, $2, $3, 1, item_id FROM held
  ON CONFLICT (project_id, member_id, queue_id) DO UPDATE SET claims = s.claims + 1, item_id = excluded.item_id
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'GOLD_CLAIMED', 'member:' || $2::uuid, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'leaseExpiresAt', lease_expires_at)
    FROM held
)
SELECT h.*, ${draftColumns}
  FROM held h LEFT JOIN draft d ON d.project_id = $1 AND d.item_id = h.item_id AND d.member_id = h.member_id`;
