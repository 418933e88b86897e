import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import type { CreateApiKeyInput, CreatePersonalTokenInput } from './access-key.input.js';
import { type IssuedKey, issueKey, type NewKey } from './issue-key.js';
import { KnownKeys } from './known-keys.js';
import { actorOf, Role, type Viewer } from './viewer.js';

/** A sign-in link is for a person who waits for it. */
const LINK_SECONDS = 15 * 60;

const FIND_ACTIVE_MEMBER = `SELECT id FROM member WHERE project_id = $1 AND id = $2 AND deactivated_at IS NULL FOR SHARE`;

// $3: only what acts for this member; null for any. The sessions that a token opened end with it.
const REVOKE = `
  UPDATE access_key SET revoked_at = now()
   WHERE project_id = $1 AND (id = $2 OR opened_with = $2) AND revoked_at IS NULL
     AND ($3::uuid IS NULL OR member_id = $3)
  RETURNING id`;

const EXISTS = `
  SELECT 1 FROM access_key WHERE project_id = $1 AND id = $2 AND ($3::uuid IS NULL OR member_id = $3)`;

const FIND_MEMBER = `SELECT 1 FROM member WHERE project_id = $1 AND id = $2`;

const REVOKE_SESSIONS = `
  UPDATE access_key SET revoked_at = now()
   WHERE project_id = $1 AND member_id = $2 AND kind IN ('SESSION', 'SIGN_IN_LINK')
     AND revoked_at IS NULL AND expires_at > now()
  RETURNING id`;

/**
 * Credentials: made, shown once, revoked. Only people make them: an API key cannot mint another, whatever its scopes, so
 * that a leaked one ends with its own revocation.
 */
@Injectable()
export class AccessKeyService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'secret'>,
    private readonly database: Database,
    private readonly keys: KnownKeys,
    private readonly logHint: LogHint,
  ) {}

  createApiKey(viewer: Viewer, { name, scopes, expiresAt }: CreateApiKeyInput): Promise<IssuedKey> {
    return this.issue(viewer, { kind: 'API_KEY', name, scopes: [...new Set(scopes)], expiresAt });
  }

  /** For oneself, or by an admin for anybody. Throws NOT_FOUND. */
  createPersonalToken(viewer: Viewer, { memberId, name, expiresAt }: CreatePersonalTokenInput): Promise<IssuedKey> {
    return this.issue(viewer, { kind: 'PERSONAL_TOKEN', name, memberId: holder(viewer, memberId), expiresAt });
  }

  createSignInLink(viewer: Viewer, memberId: string): Promise<IssuedKey> {
    return this.issue(viewer, { kind: 'SIGN_IN_LINK', name: 'sign-in link', memberId, lastsSeconds: LINK_SECONDS });
  }

  /** One's own, or by an admin any, and the sessions opened with it; a second time changes nothing. Throws NOT_FOUND. */
  async revoke(viewer: Viewer, keyId: string): Promise<void> {
    const params = [viewer.projectId, keyId, isAdmin(viewer) ? null : viewer.member?.id];
    await this.database.transaction(async (tx) => {
      const revoked = await tx.query<{ id: string }>(REVOKE, params);
      if (revoked.length === 0 && (await tx.query(EXISTS, params)).length === 0) {
        throw new Refusal('NOT_FOUND', 'No such key.');
      }
      await append(
        tx,
        revoked.map(({ id }) => revokedEvent(viewer, id)),
      );
    });
    this.changed(viewer);
  }

  /** Ends every browser session of a member, this one too; returns how many. Tokens stay. Throws NOT_FOUND. */
  async signOutEverywhere(viewer: Viewer, memberId: string | null | undefined): Promise<number> {
    const ended = await this.database.transaction(async (tx) => {
      const params = [viewer.projectId, holder(viewer, memberId)];
      const rows = await tx.query<{ id: string }>(REVOKE_SESSIONS, params);
      if (rows.length === 0 && (await tx.query(FIND_MEMBER, params)).length === 0) {
        throw new Refusal('NOT_FOUND', 'No such member.');
      }
      await append(
        tx,
        rows.map(({ id }) => revokedEvent(viewer, id)),
      );
      return rows.length;
    });
    this.changed(viewer);
    return ended;
  }

  private async issue(viewer: Viewer, key: Omit<NewKey, 'projectId' | 'createdBy'>): Promise<IssuedKey> {
    const { projectId } = viewer;
    const issued = await this.database.transaction(async (tx) => {
      if (key.memberId && (await tx.query(FIND_ACTIVE_MEMBER, [projectId, key.memberId])).length === 0) {
        throw new Refusal('NOT_FOUND', 'No such member, or not an active one.');
      }
      return issueKey(tx, this.config.secret, { ...key, projectId, createdBy: actorOf(viewer) });
    });
    this.logHint.wake(projectId);
    return issued;
  }

  private changed({ projectId }: Viewer): void {
    this.keys.forget(projectId);
    this.logHint.wake(projectId);
  }
}

function isAdmin(viewer: Viewer): boolean {
  return viewer.member?.role === Role.ADMIN;
}

/** Whom a change is for. Somebody else's is not there, as far as anybody but an admin is told. */
function holder(viewer: Viewer, memberId: string | null | undefined): string {
  const own = viewer.member?.id;
  const wanted = memberId ?? own;
  if (wanted === undefined || (wanted !== own && !isAdmin(viewer))) throw new Refusal('NOT_FOUND', 'No such member.');
  return wanted;
}

function revokedEvent(viewer: Viewer, keyId: string) {
  return { projectId: viewer.projectId, kind: 'KEY_REVOKED', actor: actorOf(viewer), data: { keyId } };
}
