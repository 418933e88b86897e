import { applyDecorators, SetMetadata } from '@nestjs/common';
import { Extensions } from '@nestjs/graphql';

import { ApiKeyScope, Role } from './viewer.js';

/** Who may: API keys with one of these scopes, members with one of these roles. Who is not named may not. */
export interface Rule {
  readonly scopes?: readonly ApiKeyScope[];
  readonly roles?: readonly Role[];
}

/** ANYONE needs no credential. INHERITED is decided by the field that the object came from. */
export type AccessRule = Rule | 'ANYONE' | 'INHERITED';

/** Where a rule is kept: as metadata of the method (for HTTP) and as an extension of the schema's field (for GraphQL). */
export const RULE = 'countersign:rule';

/** Every scope and every role: whoever has a valid credential. */
export const SIGNED_IN: Rule = { scopes: Object.values(ApiKeyScope), roles: Object.values(Role) };

/**
 * Says who may call a query, mutation, subscription, resolved field or HTTP route. Scopes and roles are separate lists:
 * a key with MANAGE is let in where MANAGE is named, not where MANAGER is.
 */
export const Allow = (rule: Rule) => decorate(rule);

/** No credential needed: health, sign-in. */
export const AllowAnyone = () => decorate('ANYONE');

/**
 * On an object type: its plain fields are visible to whoever was handed the object. A field with a resolver of its own
 * needs its own rule: `@AllowInherited()` on the method says that it adds nothing that the object's holder may not see.
 */
export const AllowInherited = () => decorate('INHERITED');

function decorate(rule: AccessRule): ClassDecorator & MethodDecorator & PropertyDecorator {
  const decorators = applyDecorators(SetMetadata(RULE, rule), Extensions({ [RULE]: rule }));
  return decorators as ClassDecorator & MethodDecorator & PropertyDecorator;
}
