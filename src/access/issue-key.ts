import type { Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { hmac, type KeyKind, mintToken } from './token.js';
import type { ApiKeyScope } from './viewer.js';

/** What a new credential is for. Both ends given, the earlier one holds; neither, it never ends. */
export interface NewKey {
  readonly projectId: number;
  readonly kind: KeyKind;
  readonly name: string;
  readonly scopes?: readonly ApiKeyScope[];
  readonly memberId?: string;
  /** The token that a session was opened with; it ends with that. */
  readonly openedWith?: string;
  readonly createdBy: string;
  readonly expiresAt?: Date | null;
  readonly lastsSeconds?: number;
}

export interface IssuedKey {
  readonly keyId: string;
  /** To be shown once: it is kept nowhere. */
  readonly token: string;
  readonly expiresAt: Date | null;
}

const INSERT_KEY = `
  INSERT INTO access_key (project_id, id, kind, name, secret_hmac, scopes, member_id, created_by, expires_at, opened_with)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, ends.at, $11
    FROM (SELECT least($9::timestamptz, now() + make_interval(secs => $10)) AS at) AS ends
   WHERE ends.at IS NULL OR ends.at > now()
  RETURNING expires_at`;

/** Makes a credential in the transaction of its event. Throws INVALID_INPUT when it would have ended already. */
export async function issueKey(tx: Queryable, serviceSecret: string, key: NewKey): Promise<IssuedKey> {
  const { projectId, kind, name, memberId, createdBy } = key;
  const { token, text } = mintToken(kind, projectId);
  const [row] = await tx.query<{ expires_at: Date | null }>(INSERT_KEY, [
    projectId,
    token.keyId,
    kind,
    name,
    hmac(serviceSecret, token.secret),
    key.scopes ?? [],
    memberId ?? null,
    createdBy,
    key.expiresAt ?? null,
    key.lastsSeconds ?? null,
    key.openedWith ?? null,
  ]);
  if (!row) throw new Refusal('INVALID_INPUT', 'expiresAt must lie in the future.');
  await append(tx, [{ projectId, kind: 'KEY_CREATED', actor: createdBy, data: { keyId: token.keyId, kind, name } }]);
  return { keyId: token.keyId, token: text, expiresAt: row.expires_at };
}
