import { v7 as uuidv7 } from 'uuid';

import type { Config } from '../config.js';
import type { Database, Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import { issueKey } from './issue-key.js';
import { ApiKeyScope, Role } from './viewer.js';

/** What to print once: none of it can be shown again. */
export interface FirstStart {
  readonly project: string;
  readonly adminToken: string;
  readonly apiKey: string;
  /** To open on this service; signs the admin in once, within 15 minutes. */
  readonly signInPath: string;
}

export interface AdminAccess {
  readonly project: string;
  readonly member: string;
  readonly adminToken: string;
  readonly signInPath: string;
}

type Db = Pick<Database, 'transaction'>;
type Secret = Pick<Config, 'secret'>;

/** Whoever holds it looks whether there is a project; the others wait and then find one. */
const BOOTSTRAP_LOCK = 7_203_002;
const LINK_SECONDS = 15 * 60;
const SYSTEM = 'system';

/** Makes the first project, its admin and an API key with all scopes; null when there is a project already. */
export function bootstrap(db: Db, { secret }: Secret): Promise<FirstStart | null> {
  return db.transaction(async (tx) => {
    // Instances that start at once wait here for each other, however long the first one takes.
    await tx.query(`SET LOCAL lock_timeout = 0`);
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [BOOTSTRAP_LOCK]);
    const [known] = await tx.query(`SELECT 1 FROM project LIMIT 1`);
    if (known) return null;
    const [project] = await tx.query<{ id: number; key: string }>(
      `INSERT INTO project (key, name) VALUES ('default', 'Default') RETURNING id, key`,
    );
    if (!project) throw new Error('The first project was not made.');
    const projectId = project.id;
    const memberId = await addAdmin(tx, projectId);
    const apiKey = await issueKey(tx, secret, {
      projectId,
      kind: 'API_KEY',
      name: 'first start',
      scopes: Object.values(ApiKeyScope),
      createdBy: SYSTEM,
    });
    const access = await accessOf(tx, secret, projectId, memberId);
    return { project: project.key, apiKey: apiKey.token, ...access };
  });
}

/**
 * A new token and sign-in link for an admin, for whoever can reach the database and knows the service's secret: secrets
 * are kept as HMACs, so a lost one cannot be shown again. Takes the oldest active admin, or the one of that name.
 * Throws when there is no such project or admin.
 */
export function issueAdminToken(
  db: Db,
  { secret }: Secret,
  { project = 'default', member }: { project?: string; member?: string } = {},
): Promise<AdminAccess> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ id: number }>(`SELECT id FROM project WHERE key = $1`, [project]);
    if (!row) throw new Error(`There is no project ${JSON.stringify(project)} in this database.`);
    const [admin] = await tx.query<{ id: string; name: string }>(
      `SELECT id, name FROM member
        WHERE project_id = $1 AND role = 'ADMIN' AND deactivated_at IS NULL AND ($2::text IS NULL OR name = $2)
        ORDER BY created_at, id LIMIT 1`,
      [row.id, member ?? null],
    );
    if (!admin) {
      const whom = member === undefined ? 'an active admin' : `an active admin called ${JSON.stringify(member)}`;
      throw new Error(`The project ${JSON.stringify(project)} has no member who is ${whom}.`);
    }
    return { project, member: admin.name, ...(await accessOf(tx, secret, row.id, admin.id)) };
  });
}

async function addAdmin(tx: Queryable, projectId: number): Promise<string> {
  const memberId = uuidv7();
  const name = 'admin';
  await tx.query(`INSERT INTO member (project_id, id, name, role) VALUES ($1, $2, $3, $4)`, [
    projectId,
    memberId,
    name,
    Role.ADMIN,
  ]);
  const data = { memberId, name, role: Role.ADMIN, isActive: true };
  await append(tx, [{ projectId, kind: 'MEMBER_SAVED', actor: SYSTEM, data }]);
  return memberId;
}

async function accessOf(tx: Queryable, secret: string, projectId: number, memberId: string) {
  const shared = { projectId, memberId, createdBy: SYSTEM };
  const token = await issueKey(tx, secret, { ...shared, kind: 'PERSONAL_TOKEN', name: 'made on the machine' });
  const link = await issueKey(tx, secret, {
    ...shared,
    kind: 'SIGN_IN_LINK',
    name: 'sign-in link',
    lastsSeconds: LINK_SECONDS,
  });
  return { adminToken: token.token, signInPath: `/sign-in#${link.token}` };
}
