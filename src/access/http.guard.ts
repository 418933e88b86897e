import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { type AccessRule, RULE } from './allow.js';
import { authorize } from './authorize.js';
import type { Identified } from './identify.js';
import { RateLimit } from './rate-limit.js';

/**
 * The rules of HTTP routes. GraphQL's are in the schema itself (enforce-rules.ts), on every transport; whatever else
 * Nest may dispatch has no rule and is refused.
 */
@Injectable()
export class HttpGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly rateLimit: RateLimit,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const transport = execution.getType<'http' | 'graphql' | 'ws' | 'rpc'>();
    if (transport === 'graphql') return true;
    if (transport !== 'http') return false;
    const viewer = execution.switchToHttp().getRequest<Identified>().viewer ?? null;
    authorize(this.reflector.get<AccessRule | undefined>(RULE, execution.getHandler()), viewer);
    if (viewer) await this.rateLimit.charge(viewer, 1);
    return true;
  }
}
