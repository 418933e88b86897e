import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { KnownKeys } from './known-keys.js';
import type { CreateMemberInput, UpdateMemberInput } from './member.input.js';
import { actorOf, Role, type Viewer } from './viewer.js';

interface MemberRow {
  id: string;
  name: string;
  role: Role;
  is_active: boolean;
}

const INSERT = `
  INSERT INTO member (project_id, id, name, role, skills) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT ON CONSTRAINT member_name_unique DO NOTHING
  RETURNING id, name, role, deactivated_at IS NULL AS is_active`;

const IS_NAME_TAKEN = `SELECT 1 FROM member WHERE project_id = $1 AND name = $2 AND id <> $3`;

// In the order of their ids, so that two such transactions wait for each other and never deadlock.
const LOCK_ADMINS = `
  SELECT id FROM member
   WHERE project_id = $1 AND role = 'ADMIN' AND deactivated_at IS NULL ORDER BY id FOR UPDATE`;

const UPDATE = `
  UPDATE member
     SET name = coalesce($3, name), role = coalesce($4, role), skills = coalesce($5, skills),
         capacity = coalesce($7, capacity),
         deactivated_at = CASE $6::boolean WHEN true THEN NULL WHEN false THEN coalesce(deactivated_at, now())
                                           ELSE deactivated_at END
   WHERE project_id = $1 AND id = $2
  RETURNING id, name, role, deactivated_at IS NULL AS is_active`;

const COUNT_ADMINS = `
  SELECT count(*)::int AS admins FROM member
   WHERE project_id = $1 AND role = 'ADMIN' AND deactivated_at IS NULL`;

/**
 * Members of a project. There is always an admin: whoever would remove the last one is refused, also when two of them
 * remove each other at once.
 *
 * Known limit: what a member holds when they are deactivated stays leased until the lease runs out.
 */
@Injectable()
export class MemberService {
  constructor(
    private readonly database: Database,
    private readonly keys: KnownKeys,
    private readonly logHint: LogHint,
  ) {}

  async create(viewer: Viewer, input: CreateMemberInput): Promise<string> {
    const { projectId } = viewer;
    const { name, role, skills } = input;
    const member = await this.database.transaction(async (tx) => {
      const [row] = await tx.query<MemberRow>(INSERT, [projectId, uuidv7(), name, role, distinct(skills)]);
      if (!row) throw nameTaken(name);
      await appendSaved(tx, viewer, row);
      return row;
    });
    this.logHint.wake(projectId);
    return member.id;
  }

  /** Throws NOT_FOUND, and INVALID_INPUT when the name is taken or no admin would be left. */
  async update(viewer: Viewer, input: UpdateMemberInput): Promise<string> {
    const { projectId } = viewer;
    const { memberId, name, role, skills, isActive, capacity } = input;
    await this.database.transaction(async (tx) => {
      await tx.query(LOCK_ADMINS, [projectId]);
      if (name && (await tx.query(IS_NAME_TAKEN, [projectId, name, memberId])).length > 0) throw nameTaken(name);
      const [row] = await tx.query<MemberRow>(UPDATE, [
        projectId,
        memberId,
        name ?? null,
        role ?? null,
        skills ? distinct(skills) : null,
        isActive ?? null,
        capacity ?? null,
      ]);
      if (!row) throw new Refusal('NOT_FOUND', 'No such member.');
      const [{ admins } = { admins: 0 }] = await tx.query<{ admins: number }>(COUNT_ADMINS, [projectId]);
      if (admins === 0) {
        throw new Refusal('INVALID_INPUT', 'This is the last active admin; make somebody else an admin first.');
      }
      await appendSaved(tx, viewer, row);
    });
    this.keys.forget(projectId);
    this.logHint.wake(projectId);
    return memberId;
  }
}

function appendSaved(tx: Queryable, viewer: Viewer, row: MemberRow): Promise<void> {
  const data = { memberId: row.id, name: row.name, role: row.role, isActive: row.is_active };
  return append(tx, [{ projectId: viewer.projectId, kind: 'MEMBER_SAVED', actor: actorOf(viewer), data }]);
}

function nameTaken(name: string): Refusal {
  return new Refusal('INVALID_INPUT', `A member is called ${JSON.stringify(name)} already; names are unique.`);
}

function distinct(skills: readonly string[]): string[] {
  return [...new Set(skills)].sort();
}
