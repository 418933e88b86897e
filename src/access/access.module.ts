import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { AccessKeyResolver } from './access-key.resolver.js';
import { AccessKeyService } from './access-key.service.js';
import { AccessQueries } from './access.queries.js';
import { Authenticator } from './authenticator.js';
import { EndedSessions } from './ended-session.chore.js';
import { GuessLimit } from './guess-limit.js';
import { HttpGuard } from './http.guard.js';
import { Identify } from './identify.js';
import { KnownKeys } from './known-keys.js';
import { LastUsed } from './last-used.chore.js';
import { MemberResolver } from './member.resolver.js';
import { MemberService } from './member.service.js';
import { RateLimit } from './rate-limit.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { ViewerResolver } from './viewer.resolver.js';

/** Who calls, and what they may. Global: every folder above asks it. */
@Global()
@Module({
  controllers: [SessionController],
  providers: [
    AccessKeyResolver,
    AccessKeyService,
    AccessQueries,
    Authenticator,
    EndedSessions,
    GuessLimit,
    Identify,
    KnownKeys,
    LastUsed,
    MemberResolver,
    MemberService,
    RateLimit,
    SessionService,
    ViewerResolver,
    { provide: APP_GUARD, useClass: HttpGuard },
  ],
  exports: [AccessQueries, Authenticator, Identify, RateLimit],
})
export class AccessModule {}
