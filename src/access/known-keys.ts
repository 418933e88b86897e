import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';

import { Database } from '../database/database.js';
import { FIND_KEYS } from './access-key.sql.js';
import type { KeyKind } from './token.js';
import type { ApiKeyScope, Role, Viewer } from './viewer.js';

/** A key as the database knows it. Without the secret that was presented it says nothing about who calls. */
export interface KnownKey {
  readonly kind: KeyKind;
  readonly secretHmac: Buffer;
  /** Neither revoked nor its member deactivated; it may still have run out, see `endsAtMs`. */
  readonly isActive: boolean;
  /** On this process's monotonic clock, counted from what the database said was left. */
  readonly endsAtMs: number;
  readonly isUseUnrecorded: boolean;
  readonly viewer: Viewer;
}

interface KeyRow {
  id: string;
  kind: KeyKind;
  secret_hmac: Buffer;
  scopes: ApiKeyScope[];
  expires_at: Date | null;
  project_key: string;
  is_active: boolean;
  expires_in_ms: number | null;
  is_use_unrecorded: boolean;
  member_id: string | null;
  member_name: string;
  role: Role;
  skills: string[];
}

interface KeyRef {
  readonly projectId: number;
  readonly keyId: string;
}

interface Entry {
  readonly askedAtMs: number;
  readonly key: Promise<KnownKey | null>;
}

const HOLDS_MS = 2_000;
const MOST_KNOWN = 10_000;
const MOST_UNKNOWN = 1_000;

/**
 * Keys by id, remembered for two seconds: long enough to keep the look-up out of the hot path, short enough that a
 * revocation holds everywhere at once. Ids that do not exist are remembered apart, so that guesses push out no real key.
 * Look-ups of the same moment share one statement per project.
 */
@Injectable()
export class KnownKeys {
  private readonly known = new Map<string, Entry>();
  private readonly unknown = new Map<string, Entry>();
  private readonly loader: DataLoader<KeyRef, KnownKey | null>;

  constructor(private readonly database: Database) {
    this.loader = new DataLoader((refs) => this.load(refs), { cache: false, maxBatchSize: 1_000 });
  }

  find(projectId: number, keyId: string): Promise<KnownKey | null> {
    const name = nameOf(projectId, keyId);
    const entry = this.known.get(name) ?? this.unknown.get(name);
    if (entry && entry.askedAtMs + HOLDS_MS > performance.now()) return entry.key;
    return this.ask(projectId, keyId);
  }

  remembers(projectId: number, keyId: string): boolean {
    return this.known.has(nameOf(projectId, keyId));
  }

  /** As the database has it now, whatever is remembered. */
  ask(projectId: number, keyId: string): Promise<KnownKey | null> {
    const name = nameOf(projectId, keyId);
    const entry: Entry = { askedAtMs: performance.now(), key: this.loader.load({ projectId, keyId }) };
    this.unknown.delete(name);
    put(this.known, name, entry, MOST_KNOWN);
    void entry.key.then(
      (key) => key || this.move(name, entry),
      () => this.drop(name, entry),
    );
    return entry.key;
  }

  /** After a change in this process: the next call asks the database. Other processes follow within two seconds. */
  forget(projectId: number): void {
    for (const [name, entry] of this.known) {
      if (name.startsWith(`${projectId}_`)) this.known.set(name, { ...entry, askedAtMs: Number.NEGATIVE_INFINITY });
    }
  }

  private move(name: string, entry: Entry): void {
    if (this.drop(name, entry)) put(this.unknown, name, entry, MOST_UNKNOWN);
  }

  private drop(name: string, entry: Entry): boolean {
    return this.known.get(name) === entry && this.known.delete(name);
  }

  private async load(refs: readonly KeyRef[]): Promise<(KnownKey | null)[]> {
    const byProject = new Map<number, string[]>();
    for (const { projectId, keyId } of refs) {
      byProject.set(projectId, [...(byProject.get(projectId) ?? []), keyId]);
    }
    const found = new Map<string, KnownKey>();
    const askedAtMs = performance.now();
    for (const [projectId, keyIds] of byProject) {
      for (const row of await this.database.query<KeyRow>(FIND_KEYS, [projectId, keyIds])) {
        found.set(nameOf(projectId, row.id), toKey(projectId, row, askedAtMs));
      }
    }
    return refs.map(({ projectId, keyId }) => found.get(nameOf(projectId, keyId)) ?? null);
  }
}

function toKey(projectId: number, row: KeyRow, askedAtMs: number): KnownKey {
  const { member_id: id, member_name: name, role, skills } = row;
  return {
    kind: row.kind,
    secretHmac: row.secret_hmac,
    isActive: row.is_active,
    endsAtMs: row.expires_in_ms === null ? Number.POSITIVE_INFINITY : askedAtMs + row.expires_in_ms,
    isUseUnrecorded: row.is_use_unrecorded,
    viewer: Object.freeze({
      projectId,
      projectKey: row.project_key,
      keyId: row.id,
      scopes: row.scopes,
      member: id ? { id, name, role, skills } : null,
      expiresAt: row.expires_at,
    }),
  };
}

function nameOf(projectId: number, keyId: string): string {
  return `${projectId}_${keyId}`;
}

/** Maps keep the order of insertion, so the first entry is the one that was asked for the longest ago. */
function put(map: Map<string, Entry>, name: string, entry: Entry, most: number): void {
  map.delete(name);
  map.set(name, entry);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
