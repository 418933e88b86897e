import { timingSafeEqual } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { unauthenticated } from './authorize.js';
import { type KnownKey, KnownKeys } from './known-keys.js';
import { LastUsed } from './last-used.chore.js';
import { hmac, type KeyKind, parseToken } from './token.js';
import type { Viewer } from './viewer.js';

/** What became of a presented credential. A guess is one that was never issued; a dead one was. */
export type Inspection = { readonly viewer: Viewer } | { readonly viewer: null; readonly isGuess: boolean };

const SIGNS_IN: readonly KeyKind[] = ['API_KEY', 'PERSONAL_TOKEN', 'SESSION'];

/**
 * Turns a presented credential into a viewer.
 *
 * A token with a wrong form or checksum is refused without asking the database; a right one costs an HMAC and, every two
 * seconds, a look-up. Wrong, expired, revoked and deactivated are all the same refusal.
 */
@Injectable()
export class Authenticator {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'secret'>,
    private readonly keys: KnownKeys,
    private readonly lastUsed: LastUsed,
  ) {}

  /** Throws UNAUTHENTICATED. */
  async authenticate(token: string): Promise<Viewer> {
    const { viewer } = await this.inspect(token);
    if (!viewer) throw unauthenticated();
    return viewer;
  }

  async inspect(text: string, kinds: readonly KeyKind[] = SIGNS_IN): Promise<Inspection> {
    const token = parseToken(text);
    if (!token) return { viewer: null, isGuess: true };
    const key = await this.keys.find(token.projectId, token.keyId);
    const presented = hmac(this.config.secret, token.secret);
    if (!key || key.kind !== token.kind || !timingSafeEqual(key.secretHmac, presented)) {
      return { viewer: null, isGuess: true };
    }
    if (!isAlive(key) || !kinds.includes(key.kind)) return { viewer: null, isGuess: false };
    if (key.isUseUnrecorded) this.lastUsed.note(key.viewer);
    return { viewer: key.viewer };
  }

  /** Whether the token names a key that this process has seen; says nothing about its secret. */
  remembers(text: string): boolean {
    const token = parseToken(text);
    return token !== null && this.keys.remembers(token.projectId, token.keyId);
  }

  /**
   * The caller as they are now: with today's role and skills, or null when the credential has ended. For whoever holds a
   * connection open; calls of the same moment share one statement per project.
   */
  async stillValid(viewer: Viewer): Promise<Viewer | null> {
    const key = await this.keys.ask(viewer.projectId, viewer.keyId);
    return key && isAlive(key) ? key.viewer : null;
  }
}

function isAlive(key: KnownKey): boolean {
  return key.isActive && key.endsAtMs > performance.now();
}
