import type { IncomingMessage } from 'node:http';

import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { Authenticator } from './authenticator.js';
import { type Connection, connectionOf } from './connection.js';
import { bearerOf, type Credential, credentialOf, isForeign } from './credential.js';
import { GuessLimit } from './guess-limit.js';
import type { Viewer } from './viewer.js';

/** A request as this middleware leaves it. */
export type Identified = Request & { viewer?: Viewer | null };

/**
 * Finds out who calls before anything else of a request is looked at: how large its body may be depends on it.
 *
 * No credential and a wrong one are the same here, a viewer of null; the rule of what is called says whether that is
 * enough. Only too many wrong ones are answered at once, by RATE_LIMITED.
 */
@Injectable()
export class Identify {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'trustedOrigins' | 'trustedProxies'>,
    private readonly authenticator: Authenticator,
    private readonly guesses: GuessLimit,
  ) {}

  /** For Express, before the body parser. */
  readonly middleware = async (request: Identified, response: Response, next: NextFunction): Promise<void> => {
    try {
      request.viewer = await this.viewerOf(this.connectionOf(request));
    } catch (error) {
      refuse(response, error);
      return;
    }
    next();
  };

  connectionOf(request: IncomingMessage): Connection {
    return connectionOf(request, this.config.trustedProxies);
  }

  /**
   * For the gateway too, which passes what the client sent with `connection_init`. Throws RATE_LIMITED. A cookie that
   * came with a page of another origin is not looked at, so such a page acts for nobody.
   */
  async viewerOf(connection: Connection, authorization?: string): Promise<Viewer | null> {
    const credential: Credential | null =
      authorization === undefined
        ? credentialOf(connection.headers, connection.isSecure)
        : { token: bearerOf(authorization), isCookie: false };
    if (!credential) return null;
    if (credential.isCookie && isForeign(connection.headers, this.config.trustedOrigins)) return null;
    // Who was let in before stays in, whatever their neighbours on the same address try.
    if (!this.authenticator.remembers(credential.token)) await this.guesses.check(connection.address);
    const inspection = await this.authenticator.inspect(credential.token);
    if (inspection.viewer) return inspection.viewer;
    if (inspection.isGuess) await this.guesses.count(connection.address);
    return null;
  }
}

function refuse(response: Response, error: unknown): void {
  const isRefusal = error instanceof Refusal;
  const refusal = isRefusal
    ? error
    : new Refusal('OVERLOADED', 'Who calls cannot be looked up at the moment; try again shortly.', {
        retryAfterSeconds: 1,
      });
  response
    .status(isRefusal ? 429 : 503)
    .set('Retry-After', String(refusal.details.retryAfterSeconds ?? 1))
    .set('Connection', 'close')
    .json({ errors: [{ message: refusal.message, extensions: { ...refusal.details, code: refusal.code } }] });
}
