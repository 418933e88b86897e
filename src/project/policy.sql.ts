import type { Queryable } from '../database/database.js';
import type { PolicyRule } from './policy.js';

export interface StoredPolicy {
  readonly version: number;
  readonly rules: PolicyRule[];
}

/** The active policy, if it is newer than `than`; one look at the end of the primary key. */
export async function readNewerPolicy(db: Queryable, projectId: number, than: number): Promise<StoredPolicy | null> {
  const [row] = await db.query<{ version: number; rules: PolicyRule[] }>(
    {
      name: 'policy-newer',
      text: `SELECT version, rules FROM policy WHERE project_id = $1 AND version > $2 ORDER BY version DESC LIMIT 1`,
    },
    [projectId, than],
  );
  return row ?? null;
}

export async function addPolicy(tx: Queryable, projectId: number, policy: StoredPolicy, actor: string): Promise<void> {
  await tx.query(`INSERT INTO policy (project_id, version, rules, created_by) VALUES ($1, $2, $3, $4)`, [
    projectId,
    policy.version,
    JSON.stringify(policy.rules),
    actor,
  ]);
}

export async function readQueueKeys(tx: Queryable, projectId: number): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(`SELECT key FROM queue WHERE project_id = $1 ORDER BY key`, [projectId]);
  return rows.map(({ key }) => key);
}
