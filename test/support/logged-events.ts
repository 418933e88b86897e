import type { TestService } from './service.js';

export interface LoggedEvent {
  actor: string;
  data: Record<string, unknown>;
}

/** The events of one kind in the order in which they happened, sequenced already or still in the outbox. */
export function loggedEvents(service: Pick<TestService, 'sql' | 'projectId'>, kind: string): Promise<LoggedEvent[]> {
  return service.sql<{ actor: string; data: Record<string, unknown> }>(
    `SELECT actor, data FROM (
       SELECT 0 AS part, seq AS place, actor, data FROM event WHERE project_id = $1 AND kind = $2
       UNION ALL SELECT 1, id, actor, data FROM outbox WHERE project_id = $1 AND kind = $2) AS logged
     ORDER BY part, place`,
    [service.projectId, kind],
  );
}
