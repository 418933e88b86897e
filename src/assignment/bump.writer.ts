import type { Queryable } from '../database/database.js';
import { bumpLateTicketsSql, bumpLeasesSql, bumpSql } from './bulk.sql.js';

/** What open items are to have; null leaves it. */
interface Urgency {
  readonly priority: number | null;
  readonly dueAt: Date | null;
}

/** Gives items another place, in a transaction of its caller; returns which were open. See bulk.sql.ts. */
export async function bump(
  tx: Queryable,
  projectId: number,
  actor: string,
  ids: readonly string[],
  { priority, dueAt }: Urgency,
): Promise<string[]> {
  const params = [projectId, ids, actor, priority, dueAt];
  const bumped = await tx.query<{ id: string; old_rank: string }>(bumpSql, params);
  await tx.query(bumpLeasesSql, [projectId, ids]);
  const open = bumped.map(({ id }) => id);
  await tx.query(bumpLateTicketsSql, [projectId, open, bumped.map(({ old_rank: rank }) => rank)]);
  return open;
}
