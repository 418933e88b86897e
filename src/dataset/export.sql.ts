import pg from 'pg';

/**
 * What an export reads: short statements, a page at a time, never one long snapshot that would keep dead rows of the
 * whole database alive.
 *
 * "The dataset at position P" is for every case the newest revision at or before P: the one whose position is at or
 * before P and whose next revision, if there is one, came later. Revisions do not change and new ones get later
 * positions, so the pages of an export agree with each other, and with those of a later run, without a transaction
 * around them. A page is one walk along the primary key; a small change since a position is found by the index on
 * position.
 *
 * A page ends after $6 rows or before it would exceed $7 bytes of records, whichever is first, but holds at least one
 * row: sizes are known from `record_bytes`, so what is not sent is not even read.
 *
 * Parameters: project, dataset, at position, since position (0 for everything), after case id, rows, bytes. An
 * incremental export (`since` above 0) holds retractions; a whole one has no line for what is not there. Not prepared by
 * name: a generic plan would choose one index for both kinds, and a page costs much more than its planning.
 */
const there = `
  FROM eval_case_revision r
  WHERE r.project_id = $1 AND r.dataset_id = $2 AND r.position <= $3 AND r.position > $4 AND r.case_id > $5
    AND (r.next_position IS NULL OR r.next_position > $3) AND ($4 > 0 OR r.record_bytes IS NOT NULL)
  ORDER BY r.case_id`;

const fitting = `(
    SELECT count(*) FROM (
      SELECT sum(bytes) OVER (ORDER BY case_id ROWS UNBOUNDED PRECEDING) - bytes AS before
      FROM (SELECT r.case_id, coalesce(r.record_bytes, 0) AS bytes ${there} LIMIT $6) sizes
    ) sized
    WHERE before < $7)`;

const head = `r.case_id AS id, r.revision, 'sha256:' || encode(r.content_hash, 'hex') AS "contentHash"`;

export const casePage = `SELECT ${head}, r.split, r.record ${there} LIMIT ${fitting}`;

/** What is said of cases and not in them, as lines for `Database.copyLines`: id, revision, hash, split. Parameters 1 to 6. */
export function keyPage(params: readonly (string | number)[]): string {
  const line = `concat_ws(' ', r.case_id, r.revision, 'sha256:' || encode(r.content_hash, 'hex'), r.split)`;
  return written(`SELECT r.case_id, ${line} ${there} LIMIT $6`, params);
}

/**
 * The ids and records alone, for `Database.copyLines`, which costs a third of rows that become objects. Where no record is so large that $6 of them could be too much, sizes are not
 * looked at: that would be as much work again.
 */
export function recordPage(params: readonly (string | number)[], isSized: boolean): string {
  return written(`SELECT r.case_id, r.record ${there} LIMIT ${isSized ? fitting : '$6'}`, params);
}

/** COPY takes no parameters, so they stand in the text. */
function written(text: string, params: readonly (string | number)[]): string {
  const literals = params.map((value) => (typeof value === 'number' ? String(value) : pg.escapeLiteral(value)));
  return text.replace(/\$(\d)/g, (_, number: string) => literals[Number(number) - 1] ?? 'NULL');
}
