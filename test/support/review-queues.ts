import { v7 as uuidv7 } from 'uuid';

import { KNOWN, type ModelRule, type Real } from './review-model.js';
import type { TestService } from './service.js';

/**
 * Two queues, straight in the database: the first confirms at the deadline and has known answers, the second rejects, and
 * asks at once for as many reviews as the first may come to.
 */
export async function makeQueues(service: TestService, { required, most, bar }: ModelRule): Promise<Real['queues']> {
  const queues = [uuidv7(), uuidv7()].map((id) => ({ id, key: `queue-${id.slice(-12)}` }));
  await service.sql(
    `WITH q AS (INSERT INTO queue (project_id, id, key, name, rubric_version, reviews_required, reviews_max, agreement_bar,
                                   lease_seconds, on_deadline)
                SELECT $1, id, key, key, 1, CASE place WHEN 1 THEN $4::int ELSE $5::int END, $5, $6, 600, CASE place WHEN 1 THEN 'CONFIRM' ELSE 'REJECT' END
                  FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS new (id, key, place)),
          l AS (INSERT INTO lane (project_id, queue_id, skills, tier)
                SELECT $1, id, '{}', tier FROM unnest($2::uuid[]) AS new (id), generate_series(0, $5 - 1) tier),
          r AS (INSERT INTO rubric (project_id, queue_id, version, fields, created_by)
                SELECT $1, id, 1, '[]', 'system' FROM unnest($2::uuid[]) AS new (id))
     INSERT INTO gold (project_id, id, queue_id, input, output, verdict, created_by)
     SELECT $1, gen_random_uuid(), ($2::uuid[])[1], to_json(n), '"known"', 'CONFIRMED', 'system' FROM generate_series(1, $7) n`,
    [service.projectId, queues.map(({ id }) => id), queues.map(({ key }) => key), required, most, bar, KNOWN],
  );
  return [queues[0]!, queues[1]!];
}
