import { Body, Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import { Allow, AllowAnyone, SIGNED_IN } from './allow.js';
import { browserName } from './browser-name.js';
import { cookieName, isForeign } from './credential.js';
import { CurrentViewer } from './current-viewer.js';
import { GuessLimit } from './guess-limit.js';
import { type Identified, Identify } from './identify.js';
import type { IssuedKey } from './issue-key.js';
import { SessionService } from './session.service.js';
import type { Viewer } from './viewer.js';

/** What a page learns of its session. The session itself is in the cookie, where scripts cannot read it. */
interface OpenedSession {
  readonly expiresAt: Date | null;
}

/**
 * Signing a browser in and out. Only JSON from a page of this service (or a trusted origin) is taken: a form of another
 * site can send neither, so nobody is signed in or out by a page that they merely visit.
 */
@Controller('session')
export class SessionController {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'trustedOrigins'>,
    private readonly sessions: SessionService,
    private readonly guesses: GuessLimit,
    private readonly identify: Identify,
  ) {}

  /** `{"token": "cst_…"}`: a member's personal token. */
  @Post()
  @HttpCode(201)
  @AllowAnyone()
  open(@Req() request: Identified, @Res({ passthrough: true }) response: Response, @Body() body: unknown) {
    return this.exchange(request, response, () =>
      this.sessions.openWithToken(textOf(body, 'token'), browserOf(request)),
    );
  }

  /** `{"code": "csl_…"}`: the part after # of a sign-in link. */
  @Post('one-time')
  @HttpCode(201)
  @AllowAnyone()
  openOnce(@Req() request: Identified, @Res({ passthrough: true }) response: Response, @Body() body: unknown) {
    return this.exchange(request, response, () => this.sessions.openWithLink(textOf(body, 'code'), browserOf(request)));
  }

  @Delete()
  @HttpCode(204)
  @Allow(SIGNED_IN)
  async close(
    @Req() request: Identified,
    @Res({ passthrough: true }) response: Response,
    @CurrentViewer() viewer: Viewer,
  ): Promise<void> {
    this.refuseForeign(request);
    await this.sessions.close(viewer);
    const { isSecure } = this.identify.connectionOf(request);
    response.clearCookie(cookieName(isSecure), cookieOptions(isSecure));
  }

  private async exchange(
    request: Identified,
    response: Response,
    open: () => Promise<IssuedKey>,
  ): Promise<OpenedSession> {
    this.refuseForeign(request);
    if (!request.is('application/json')) throw new Refusal('INVALID_INPUT', 'Send JSON, as application/json.');
    const { address, isSecure } = this.identify.connectionOf(request);
    await this.guesses.check(address);
    const { token, expiresAt } = await open().catch(async (error: unknown) => {
      if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') await this.guesses.count(address);
      throw error;
    });
    response.set('Cache-Control', 'no-store');
    response.cookie(cookieName(isSecure), token, {
      ...cookieOptions(isSecure),
      ...(expiresAt ? { expires: expiresAt } : {}),
    });
    return { expiresAt };
  }

  private refuseForeign(request: Identified): void {
    if (!isForeign(request.headers, this.config.trustedOrigins)) return;
    throw new Refusal('FORBIDDEN', 'A page of another origin cannot sign anybody in or out.');
  }
}

function cookieOptions(isSecure: boolean) {
  return { httpOnly: true, secure: isSecure, sameSite: 'strict', path: '/' } as const;
}

function browserOf(request: Identified): string {
  return browserName(request.get('user-agent'));
}

function textOf(body: unknown, field: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined;
  if (typeof value === 'string' && value.length <= 200) return value;
  throw new Refusal('INVALID_INPUT', `The body must be {"${field}": "…"}.`);
}
