import type { Queryable } from '../database/database.js';
import type { QueueSetup } from './queue.draft.js';
import type { RubricField } from './rubric.js';

/*
 * What the set-up of a queue reads and writes, always in its transaction, which holds the lock on the project's row:
 * no two of them run at once. Flags and claims read these tables without waiting for it.
 */

export interface StoredQueue {
  readonly id: string;
  readonly rubricVersion: number;
  readonly setup: QueueSetup;
}

interface QueueRow extends Omit<QueueSetup, 'rubric'> {
  readonly id: string;
  readonly rubricVersion: number;
  readonly fields: RubricField[];
}

export async function readQueue(tx: Queryable, projectId: number, key: string): Promise<StoredQueue | null> {
  const [row] = await tx.query<QueueRow>(
    `SELECT q.id, q.key, q.name, q.instructions, q.reviews_required AS "reviewsRequired",
            q.lease_seconds AS "leaseSeconds", q.sla_seconds AS "slaSeconds", q.skills,
            q.separate_groups AS "separateGroups", q.relax_skills_after_seconds AS "relaxSkillsAfterSeconds",
            q.on_deadline AS "onDeadline", q.skip_reason_required AS "skipReasonRequired", q.blind,
            q.hides_signals AS "hidesSignals", q.revise_within_seconds AS "reviseWithinSeconds",
            ARRAY(SELECT m.name FROM queue_member w JOIN member m ON m.project_id = $1 AND m.id = w.member_id
                   WHERE w.project_id = $1 AND w.queue_id = q.id ORDER BY m.name COLLATE "C") AS members,
            q.rubric_version AS "rubricVersion", r.fields
       FROM queue q
       JOIN rubric r ON r.project_id = $1 AND r.queue_id = q.id AND r.version = q.rubric_version
      WHERE q.project_id = $1 AND q.key = $2`,
    [projectId, key],
  );
  if (!row) return null;
  const { id, rubricVersion, fields, ...rest } = row;
  return { id, rubricVersion, setup: { ...rest, rubric: fields } };
}

/** Writes the queue as it is to be. Its rubric version may be written after it: the reference is checked at COMMIT. */
export async function writeQueue(tx: Queryable, projectId: number, queue: StoredQueue): Promise<void> {
  const { key, name, instructions, reviewsRequired, leaseSeconds, slaSeconds, skills } = queue.setup;
  const { separateGroups, relaxSkillsAfterSeconds, onDeadline } = queue.setup;
  const { skipReasonRequired, blind, hidesSignals, reviseWithinSeconds } = queue.setup;
  await tx.query(
    `INSERT INTO queue (project_id, id, key, name, instructions, rubric_version, reviews_required, lease_seconds,
                        sla_seconds, skills, separate_groups, relax_skills_after_seconds, on_deadline, skip_reason_required,
                        blind, hides_signals, revise_within_seconds)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         ON CONFLICT (project_id, id) DO UPDATE
        SET name = excluded.name, instructions = excluded.instructions, rubric_version = excluded.rubric_version,
            reviews_required = excluded.reviews_required, lease_seconds = excluded.lease_seconds,
            sla_seconds = excluded.sla_seconds, skills = excluded.skills, separate_groups = excluded.separate_groups,
            relax_skills_after_seconds = excluded.relax_skills_after_seconds, on_deadline = excluded.on_deadline,
            skip_reason_required = excluded.skip_reason_required, blind = excluded.blind,
            hides_signals = excluded.hides_signals, revise_within_seconds = excluded.revise_within_seconds`,
    [
      projectId,
      queue.id,
      key,
      name,
      instructions,
      queue.rubricVersion,
      reviewsRequired,
      leaseSeconds,
      slaSeconds,
      skills,
      separateGroups,
      relaxSkillsAfterSeconds,
      onDeadline,
      skipReasonRequired,
      blind,
      hidesSignals,
      reviseWithinSeconds,
    ],
  );
}

export async function addRubric(tx: Queryable, projectId: number, queue: StoredQueue, actor: string): Promise<void> {
  await tx.query(`INSERT INTO rubric (project_id, queue_id, version, fields, created_by) VALUES ($1, $2, $3, $4, $5)`, [
    projectId,
    queue.id,
    queue.rubricVersion,
    JSON.stringify(queue.setup.rubric),
    actor,
  ]);
}

/**
 * One lane per review slot, with the queue's skills.
 *
 * Skills are changed in place, so the tickets that wait in a lane follow at once and none has to be moved. Lanes above
 * the number of reviews stay: items flagged before it was lowered still have tickets there.
 */
export async function keepLanes(tx: Queryable, projectId: number, queue: StoredQueue): Promise<void> {
  await tx.query(
    `WITH reskilled AS (
       UPDATE lane SET skills = $3 WHERE project_id = $1 AND queue_id = $2 AND skills <> $3
     )
     INSERT INTO lane (project_id, queue_id, skills, tier)
     SELECT $1, $2, $3, slot
       FROM generate_series(0, $4::integer - 1) AS slot
      WHERE NOT EXISTS (SELECT FROM lane WHERE project_id = $1 AND queue_id = $2 AND tier = slot)`,
    [projectId, queue.id, queue.setup.skills, queue.setup.reviewsRequired],
  );
}

/** Those of the names that no member has. */
export async function unknownMembers(tx: Queryable, projectId: number, names: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `SELECT name FROM unnest($2::text[]) name
      WHERE NOT EXISTS (SELECT FROM member m WHERE m.project_id = $1 AND m.name = name.name)`,
    [projectId, names],
  );
  return rows.map(({ name }) => name);
}

/** Who works the queue, from now on. */
export async function keepMembers(tx: Queryable, projectId: number, queue: StoredQueue): Promise<void> {
  await tx.query(
    `WITH wanted AS MATERIALIZED (
       SELECT m.id FROM member m WHERE m.project_id = $1 AND m.name = ANY ($3::text[])
     ), gone AS (
       DELETE FROM queue_member w
        WHERE w.project_id = $1 AND w.queue_id = $2 AND w.member_id NOT IN (SELECT id FROM wanted)
     )
     INSERT INTO queue_member (project_id, queue_id, member_id) SELECT $1, $2, id FROM wanted
         ON CONFLICT DO NOTHING`,
    [projectId, queue.id, queue.setup.members],
  );
}
