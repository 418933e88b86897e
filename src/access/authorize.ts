import { Refusal } from '../errors.js';
import type { AccessRule } from './allow.js';
import type { Viewer } from './viewer.js';

/** One text for every way in which a credential can be wrong: which it was helps only whoever is guessing. */
export function unauthenticated(): Refusal {
  return new Refusal(
    'UNAUTHENTICATED',
    'No valid credential. Send an API key or a personal token as "Authorization: Bearer <token>", or sign in.',
  );
}

/** The one decision on every transport. What has no rule is refused. */
export function authorize(rule: AccessRule | undefined, viewer: Viewer | null): void {
  if (rule === 'ANYONE') return;
  if (!viewer) throw unauthenticated();
  if (rule === undefined || rule === 'INHERITED') throw new Refusal('FORBIDDEN', 'Nobody was allowed to do this.');
  if (viewer.member) {
    if (rule.roles?.includes(viewer.member.role)) return;
  } else if (rule.scopes?.some((scope) => viewer.scopes.includes(scope))) return;
  throw new Refusal('FORBIDDEN', `This needs ${needs(rule)}.`);
}

function needs({ roles = [], scopes = [] }: Exclude<AccessRule, string>): string {
  const who = [
    roles.length > 0 ? `a member who is ${roles.join(' or ')}` : '',
    scopes.length > 0 ? `an API key with the scope ${scopes.join(' or ')}` : '',
  ].filter(Boolean);
  return who.join(', or ') || 'what nobody has';
}
