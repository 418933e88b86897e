import { isForeverDone } from './eligible.sql.js';

/**
 * A member's mark in a lane: below it no ticket is for them, for ever, so claims begin there. Otherwise each claim would
 * step over all that the member has reviewed and whose other slots still wait: 10,000 of them cost 100 ms, every time.
 *
 * A ticket of a smaller rank may arrive at any moment, also in a transaction that has not committed while the lane is
 * read. So a mark is made in three steps, after which it cannot hide a ticket:
 *   1. It is proposed, and that is committed. The trigger on `ticket` (ticket_arrived, in the migration) lowers proposals
 *      and marks below which it inserts, and sees every one that was committed before it got the lane's shared lock.
 *   2. The lane's lock is taken alone and given back. Who inserted without seeing the proposal has finished by then.
 *   3. The lane is read again, up to the proposal. What step 2 waited for is seen now; what comes later lowers it.
 * A mark that holds is where the next one begins to read, so each ticket is stepped over once and not at every claim.
 *
 * Known limits. A ticket that arrives below takes the mark with it: one claim steps over what lies between again. What a
 * member only holds stops the mark, for it may come back. Skills, members and groups are not looked at: they change.
 * $1 project, $2 member, $3 lane, $4 the proposal's id.
 */
const firstForMe = `
  coalesce(
    (SELECT t.rank FROM ticket t
      WHERE t.project_id = $1 AND t.lane_id = $3 AND t.rank >= from_here.rank
        AND NOT (${isForeverDone('t.item_id', 'from_here.name')})
      ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot LIMIT 1),
    (SELECT t.rank FROM ticket t WHERE t.project_id = $1 AND t.lane_id = $3
      ORDER BY t.project_id DESC, t.lane_id DESC, t.rank DESC LIMIT 1))`;

const fromHere = `
from_here AS MATERIALIZED (
  SELECT m.name, coalesce(k.rank, -9223372036854775808) AS rank
    FROM member m
    LEFT JOIN claim_mark k ON k.project_id = $1 AND k.lane_id = $3 AND k.member_id = $2
   WHERE m.project_id = $1 AND m.id = $2
)`;

/** Step 1. A row when there is something to gain. */
export const proposeSql = `
WITH ${fromHere}, found AS MATERIALIZED (
  SELECT rank AS before, ${firstForMe} AS rank FROM from_here
)
INSERT INTO claim_mark AS k (project_id, lane_id, member_id, proposed_rank, proposal)
SELECT $1, $3, $2, rank, $4::uuid FROM found WHERE rank > before
ON CONFLICT (project_id, lane_id, member_id) DO UPDATE
   SET proposed_rank = excluded.proposed_rank, proposal = excluded.proposal
RETURNING k.lane_id`;

/** Step 2, in a transaction of its own. A busy lane is left for another time. */
export const lockTimeoutSql = `SET LOCAL lock_timeout = '200ms'`;
export const awaitArrivalsSql = `SELECT pg_advisory_xact_lock(1953063787, $1)`;

/** Step 3. Nothing happens when somebody has proposed another since. */
export const confirmSql = `
WITH ${fromHere}, found AS MATERIALIZED (
  SELECT ${firstForMe} AS rank FROM from_here
)
UPDATE claim_mark k
   SET rank = least(k.proposed_rank, (SELECT rank FROM found)), proposed_rank = NULL, proposal = NULL
 WHERE k.project_id = $1 AND k.lane_id = $3 AND k.member_id = $2 AND k.proposal = $4::uuid`;
