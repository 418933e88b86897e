/**
 * Looking up presented keys, and remembering that they were used.
 *
 * Known limit: a look-up is cached for up to two seconds (known-keys.ts), so a change to a key, to its member or to the
 * member's role takes that long to hold in every process.
 */

/**
 * $1 project, $2 key ids. One row per key that exists, dead ones too: a dead key with the right secret is refused just
 * the same, but is not somebody's guess. What is left of a life is computed here, by the database's clock.
 */
export const FIND_KEYS = {
  name: 'access-find-keys',
  text: `
    SELECT k.id, k.kind, k.secret_hmac, k.scopes, k.expires_at, p.key AS project_key,
           k.revoked_at IS NULL AND m.deactivated_at IS NULL AS is_active,
           (extract(epoch FROM k.expires_at - now()) * 1000)::float8 AS expires_in_ms,
           k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS is_use_unrecorded,
           m.id AS member_id, m.name AS member_name, m.role, m.skills
      FROM access_key k
      JOIN project p ON p.id = k.project_id
      LEFT JOIN member m ON m.project_id = k.project_id AND m.id = k.member_id
     WHERE k.project_id = $1 AND p.id = $1 AND k.id = ANY ($2)`,
};

/**
 * $1 project, $2 key ids. At most one write a minute and key, whatever the number of processes: a row that another one
 * is writing is skipped, and the condition is checked again under the lock.
 */
export const RECORD_USE = {
  name: 'access-record-use',
  text: `
    UPDATE access_key SET last_used_at = now()
     WHERE project_id = $1 AND id IN (
       SELECT id FROM access_key
        WHERE project_id = $1 AND id = ANY ($2)
          AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
          FOR NO KEY UPDATE SKIP LOCKED)`,
};
