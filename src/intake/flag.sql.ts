import type { Statement } from '../database/database.js';
import type { Seen } from '../project/condition.js';
import type { IntakeDecision } from '../project/intake-decision.js';
import type { PayloadText } from './flag.content.js';

/** One output, checked and routed: what the statement writes. */
export interface FlagRow {
  readonly externalId: string;
  readonly contentHash: string;
  readonly flaggedBy: string;
  readonly seen: Seen;
  readonly decision: IntakeDecision;
  /** The queue's key; null for PASS. */
  readonly queue: string | null;
  readonly policyVersion: number | null;
  readonly rule: string | null;
  /** The rest is for REVIEW. A new id for each attempt of each call: that it was stored proves that this call did it. */
  readonly itemId: string | null;
  readonly payload: PayloadText | null;
  readonly authors: readonly string[];
  readonly groupKey: string | null;
  readonly traceId: string | null;
  readonly priority: number;
  readonly dueAt: Date | null;
  readonly dueInSeconds: number | null;
  /** About how many bytes the row is. */
  readonly bytes: number;
}

/** What the statement says of each row, by its place `n` in the batch. */
export interface StoredRow {
  n: number;
  /** Null where the queue that the row names does not exist. */
  queue_id: string | null;
  reviews_required: number | null;
  created_at: Date;
  due_at: Date | null;
  rank: string | null;
  /** What is stored under the external id now, by this statement or earlier; null where nothing is. */
  hash: string | null;
  decision: IntakeDecision | null;
  item_id: string | null;
  rule: string | null;
  /** This statement stored the external id: this row, or one before it in the batch with the same id. */
  is_new: boolean;
}

/**
 * Takes in 1 to 1,000 flagged outputs: flag, item, payload, a ticket for each review slot and the log, in one round
 * trip. $1 is the project, $2 a JSON array.
 *
 * The insert into `flag` decides: its key makes the external id unique, whoever else is at it, and everything that
 * follows is made of the rows that it returned. Rows go in by external id, so that two batches which share some wait
 * for each other in one order. Of equal ids in one batch the first wins, and the others find it in `f`.
 *
 * json, not jsonb: the payload's text is kept as it was sent. The estimates for a set-returning function suit 1 row as
 * well as 1,000, so one prepared plan serves every size; the lookup is LATERAL with OFFSET 0, so that a plan
 * made while the table was empty still uses the index when it has grown.
 *
 * rank is the order of offering, lower is sooner: the time of arrival less four hours for each step of priority, or 24
 * hours before the deadline if that is earlier. All that waits ages at one speed, so it never has to be computed anew.
 *
 * Where the queue has opening hours, what is due after a while is due after so much opening time; counting it costs
 * such a row about 50 µs.
 *
 * Known limit: an id that another transaction committed while this statement waited for it is in neither `f` nor `k`,
 * which this statement's snapshot does not see: the caller asks again (`hash` is null though the queue is known).
 * A queue whose lanes are incomplete fails on ticket.lane_id: better than an item that nobody is ever offered.
 */
export const flagSql: Statement = {
  name: 'intake-flag',
  text: `
WITH src AS MATERIALIZED (
  SELECT x.*, q.id AS queue_id, q.reviews_required, q.skills,
         coalesce(x."dueAt", CASE WHEN q.hours IS NULL
                    THEN now() + make_interval(secs => coalesce(x."dueInSeconds", q.sla_seconds))
                    ELSE open_after(q.hours, now(), coalesce(x."dueInSeconds", q.sla_seconds)) END) AS due_at
    FROM json_to_recordset($2::json) AS x(
           n integer, "externalId" text, "contentHash" text, "flaggedBy" text, seen json, decision text, queue text,
           "policyVersion" integer, rule text, "itemId" uuid, source text, "modelName" text, "modelVersion" text,
           "promptName" text, "promptVersion" text, confidence double precision, risk text, reasons text[],
           signals json, tags text[], authors text[], "groupKey" text, "traceId" text, priority smallint, "dueAt" timestamptz,
           "dueInSeconds" integer, event json, input json, output json, context json, metadata json)
    LEFT JOIN queue q ON q.project_id = $1 AND q.key = x.queue
), f AS (
  INSERT INTO flag (project_id, external_id, content_hash, decision, item_id, policy_version, rule, flagged_by, seen)
  SELECT $1, "externalId", decode("contentHash", 'hex'), decision, "itemId", "policyVersion", rule, "flaggedBy", seen
    FROM src WHERE "itemId" IS NULL OR queue_id IS NOT NULL
   ORDER BY "externalId", n
  ON CONFLICT DO NOTHING
  RETURNING external_id, content_hash, decision, item_id, rule
), added AS MATERIALIZED (
  SELECT src.*, least((extract(epoch FROM now()) * 1000000)::bigint - priority * 14400000000,
                      (extract(epoch FROM due_at) * 1000000)::bigint - 86400000000) AS rank
    FROM src JOIN f ON f.item_id = src."itemId"
), i AS (
  INSERT INTO item (project_id, id, external_id, queue_id, source, model_name, model_version, prompt_name,
                    prompt_version, confidence, risk, reasons, signals, tags, group_key, trace_id, priority, due_at,
                    rank, reviews_required, policy_version, rule)
  SELECT $1, "itemId", "externalId", queue_id, source, "modelName", "modelVersion", "promptName",
         "promptVersion", confidence, risk, reasons, signals, tags, "groupKey", "traceId", priority, due_at,
         rank, reviews_required, "policyVersion", rule
    FROM added
), e AS (
  INSERT INTO evidence (project_id, item_id, input, output, context, metadata)
  SELECT $1, "itemId", input, output, context, metadata FROM added
), w AS (
  INSERT INTO item_author (project_id, item_id, author)
  SELECT DISTINCT $1::integer, "itemId", author FROM added, unnest(authors) author
), t AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, l.id, a.rank, a."itemId", s.slot
    FROM added a CROSS JOIN LATERAL generate_series(0, a.reviews_required - 1) AS s(slot)
    LEFT JOIN lane l ON l.project_id = $1 AND l.queue_id = a.queue_id AND l.tier = s.slot AND l.skills = a.skills
), o AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ITEM_FLAGGED', "flaggedBy", "itemId", queue_id, event FROM added ORDER BY n
)
SELECT s.n, s.queue_id, s.reviews_required, now() AS created_at, s.due_at, a.rank,
       encode(coalesce(f.content_hash, k.content_hash), 'hex') AS hash, coalesce(f.decision, k.decision) AS decision,
       coalesce(f.item_id, k.item_id) AS item_id, coalesce(f.rule, k.rule) AS rule, f.external_id IS NOT NULL AS is_new
  FROM src s
  LEFT JOIN f ON f.external_id = s."externalId"
  LEFT JOIN added a ON a.n = s.n
  LEFT JOIN LATERAL (SELECT * FROM flag known
                      WHERE known.project_id = $1 AND known.external_id = s."externalId" OFFSET 0) k ON true`,
};

/** The parameter $2. The payload is text already and goes in as it is. */
export function toJson(rows: readonly FlagRow[]): string {
  return `[${rows.map(rowToJson).join(',')}]`;
}

function rowToJson(row: FlagRow, n: number): string {
  const { seen, payload } = row;
  // One plain literal: with a spread of other fields this takes seven times as long.
  const text = JSON.stringify({
    n,
    externalId: row.externalId,
    contentHash: row.contentHash,
    flaggedBy: row.flaggedBy,
    seen,
    decision: row.decision,
    queue: row.queue,
    policyVersion: row.policyVersion,
    rule: row.rule,
    itemId: row.itemId,
    source: seen.source,
    modelName: seen.model?.name,
    modelVersion: seen.model?.version,
    promptName: seen.prompt?.name,
    promptVersion: seen.prompt?.version,
    confidence: seen.confidence,
    risk: seen.risk,
    reasons: seen.reasons,
    signals: seen.signals,
    tags: seen.tags,
    authors: row.authors,
    groupKey: row.groupKey,
    traceId: row.traceId,
    priority: row.priority,
    dueAt: row.dueAt,
    dueInSeconds: row.dueInSeconds,
    event: {
      externalId: row.externalId,
      source: seen.source,
      rule: row.rule,
      policyVersion: row.policyVersion,
      contentHash: row.contentHash,
    },
  });
  if (!payload) return text;
  const { input, output, context, metadata } = payload;
  return `${text.slice(0, -1)},"input":${input},"output":${output},"context":${context},"metadata":${metadata}}`;
}
