import { SetMetadata } from '@nestjs/common';

import type { ApiKeyScope, Role } from './viewer.js';

/** Who may: API keys with one of these scopes, members with one of these roles. */
export interface Rule {
  readonly scopes?: readonly ApiKeyScope[];
  readonly roles?: readonly Role[];
}

export const RULE = 'countersign:rule';

export const Allow = (rule: Rule) => SetMetadata(RULE, rule);
export const AllowAnyone = () => SetMetadata(RULE, 'ANYONE');
/** For object types: their plain fields are visible to whoever was handed the object. */
export const AllowInherited = () => SetMetadata(RULE, 'INHERITED');
