import { createHmac, timingSafeEqual } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database } from '../database/database.js';
import type { ApiKeyScope, Role, Viewer } from './viewer.js';

interface KeyRow {
  project_key: string;
  secret_hmac: Buffer;
  scopes: ApiKeyScope[];
  expires_at: Date | null;
  member_id: string | null;
  name: string;
  role: Role;
  skills: string[];
}

/** Turns a presented credential into a viewer. */
@Injectable()
export class Authenticator {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
  ) {}

  async authenticate(token: string): Promise<Viewer | null> {
    const [, project = '', keyId = '', secret = ''] = token.split('_');
    const projectId = Number.parseInt(project, 36);
    if (!Number.isSafeInteger(projectId)) return null;
    const [row] = await this.database.query<KeyRow>(
      `SELECT p.key AS project_key, k.secret_hmac, k.scopes, k.expires_at, k.member_id, m.name, m.role, m.skills
         FROM access_key k JOIN project p ON p.id = $1
         LEFT JOIN member m ON m.project_id = $1 AND m.id = k.member_id
        WHERE k.project_id = $1 AND k.id = $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
      [projectId, keyId],
    );
    if (!row || !timingSafeEqual(row.secret_hmac, hmac(this.config.secret, secret))) return null;
    const { member_id: id, name, role, skills } = row;
    return {
      projectId,
      projectKey: row.project_key,
      keyId,
      scopes: row.scopes,
      member: id ? { id, name, role, skills } : null,
      expiresAt: row.expires_at,
    };
  }
}

export function hmac(secret: string, value: string): Buffer {
  return createHmac('sha256', secret).update(value).digest();
}
