import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database } from '../database/database.js';
import { append } from '../log/append.js';
import { Authenticator } from './authenticator.js';
import { unauthenticated } from './authorize.js';
import { type IssuedKey, issueKey } from './issue-key.js';
import { KnownKeys } from './known-keys.js';
import { actorOf, type Viewer } from './viewer.js';

/** A session ends then, however busy it was, and never after the token that it was opened with. */
const SESSION_SECONDS = 12 * 60 * 60;

const END = `
  UPDATE access_key SET revoked_at = now(), last_used_at = now()
   WHERE project_id = $1 AND id = $2 AND kind = $3 AND revoked_at IS NULL
  RETURNING id`;

/** Waits for a revocation that is under way, so that no session slips out behind it. */
const STILL_GOOD = `
  SELECT 1 FROM access_key WHERE project_id = $1 AND id = $2 AND revoked_at IS NULL FOR SHARE`;

/**
 * Browser sessions: a member's token, or a sign-in link, exchanged for a cookie that scripts cannot read.
 * A session ends with the token that it was opened with: when that runs out, and when it is revoked.
 */
@Injectable()
export class SessionService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'secret'>,
    private readonly database: Database,
    private readonly authenticator: Authenticator,
    private readonly keys: KnownKeys,
  ) {}

  /** Throws UNAUTHENTICATED; an API key cannot sign in, since it is nobody. `isGuess` is told by `inspect`. */
  async openWithToken(token: string, name: string): Promise<IssuedKey> {
    const { viewer } = await this.authenticator.inspect(token, ['PERSONAL_TOKEN']);
    if (!viewer?.member) throw unauthenticated();
    const { projectId, keyId } = viewer;
    return this.database.transaction(async (tx) => {
      if ((await tx.query(STILL_GOOD, [projectId, keyId])).length === 0) throw unauthenticated();
      return issueKey(tx, this.config.secret, { ...sessionOf(viewer, name), openedWith: keyId });
    });
  }

  /** Works once: of two that try at the same time, one is refused. Throws UNAUTHENTICATED. */
  async openWithLink(code: string, name: string): Promise<IssuedKey> {
    const { viewer } = await this.authenticator.inspect(code, ['SIGN_IN_LINK']);
    if (!viewer?.member) throw unauthenticated();
    const session = await this.database.transaction(async (tx) => {
      const used = await tx.query(END, [viewer.projectId, viewer.keyId, 'SIGN_IN_LINK']);
      if (used.length === 0) throw unauthenticated();
      return issueKey(tx, this.config.secret, { ...sessionOf(viewer, name), expiresAt: null });
    });
    this.keys.forget(viewer.projectId);
    return session;
  }

  /** Ends the session that the caller came with; for any other credential it does nothing. */
  async close(viewer: Viewer): Promise<void> {
    const { projectId, keyId } = viewer;
    await this.database.transaction(async (tx) => {
      const ended = await tx.query(END, [projectId, keyId, 'SESSION']);
      if (ended.length > 0)
        await append(tx, [{ projectId, kind: 'KEY_REVOKED', actor: actorOf(viewer), data: { keyId } }]);
    });
    this.keys.forget(projectId);
  }
}

function sessionOf(viewer: Viewer, name: string) {
  return {
    projectId: viewer.projectId,
    kind: 'SESSION' as const,
    name,
    memberId: viewer.member?.id,
    createdBy: actorOf(viewer),
    expiresAt: viewer.expiresAt,
    lastsSeconds: SESSION_SECONDS,
  };
}
