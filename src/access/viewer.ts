import { registerEnumType } from '@nestjs/graphql';

export enum Role {
  ADMIN = 'ADMIN',
  MANAGER = 'MANAGER',
  REVIEWER = 'REVIEWER',
  VIEWER = 'VIEWER',
}
registerEnumType(Role, {
  name: 'Role',
  description:
    'What a member may do. ADMIN: everything, members and keys too. MANAGER: queues, policies, adjudication. REVIEWER: claims and reviews. VIEWER: reads.',
});

export enum ApiKeyScope {
  FLAG = 'FLAG',
  READ = 'READ',
  EXPORT = 'EXPORT',
  MANAGE = 'MANAGE',
}
registerEnumType(ApiKeyScope, {
  name: 'ApiKeyScope',
  description:
    'What an API key may do. FLAG: send outputs for review. READ: items, reviews and streams. EXPORT: datasets and eval cases. MANAGE: what a MANAGER sets up; never members or keys.',
});

/** Who calls: an API key (scopes, no member) or a member by personal token or session (role, no scopes). */
export interface Viewer {
  readonly projectId: number;
  readonly projectKey: string;
  /** The id of the key, token or session that was presented; safe to log. */
  readonly keyId: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly member: ViewerMember | null;
  /** When the credential ends by itself; null for never. */
  readonly expiresAt: Date | null;
}

export interface ViewerMember {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly skills: readonly string[];
}

/** How the log names who did something: `member:<uuid>`, `key:<key id>` or `system`. */
export function actorOf(viewer: Viewer): string {
  return viewer.member ? `member:${viewer.member.id}` : `key:${viewer.keyId}`;
}
