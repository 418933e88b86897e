import type { TestQueue } from './reviewing.js';
import type { TestMember, TestService } from './service.js';

interface Past {
  readonly queue: TestQueue;
  readonly reviewers: readonly TestMember[];
  /** Items that arrived on a usual day. */
  readonly perDay: number;
  readonly days: number;
}

type Row = [measure: string, day: number, subject: string, bucket: number, n: number];

/** The same ups and downs in every run: from -1 to 1. */
const wave = (day: number, speed: number) => Math.sin(day * speed) * Math.cos(day * speed * 0.37 + 1);
const bucketOf = (ms: number) => Math.floor(8 * Math.log2(ms));

/** What the sums by day would hold of a queue that has been worked for some time. Today is left to what the test does. */
export async function makePast(service: TestService, past: Past): Promise<void> {
  const rows: Row[] = [];
  for (let day = 1; day <= past.days; day += 1) rows.push(...ofDay(past, day));
  const columns = [0, 1, 2, 3, 4].map((i) => rows.map((row) => row[i]));
  await service.sql(
    `INSERT INTO tally (project_id, queue_id, measure, day, subject, bucket, n)
     SELECT $1, $2, measure, (now() AT TIME ZONE 'UTC')::date - ago, subject, bucket, sum(n)
       FROM unnest($3::text[], $4::integer[], $5::text[], $6::smallint[], $7::bigint[]) AS t (measure, ago, subject, bucket, n)
      WHERE n > 0 GROUP BY measure, ago, subject, bucket`,
    [service.projectId, past.queue.id, ...columns],
  );
  await service.sql(`UPDATE queue SET created_at = now() - make_interval(days => $2) WHERE id = $1`, [
    past.queue.id,
    past.days,
  ]);
}

function ofDay({ reviewers, perDay }: Past, ago: number): Row[] {
  const weekend = ago % 7 === 2 || ago % 7 === 3 ? 0.35 : 1;
  const arrived = Math.round(perDay * (1 + 0.35 * wave(ago, 0.6)) * (ago % 7 === 2 ? 0.6 : 1));
  const resolved = Math.round(arrived * weekend * (1 + 0.2 * wave(ago, 1.3)));
  const hours = (1.6 + 0.9 * wave(ago, 0.45)) / weekend;
  return [
    ['ARRIVED', ago, '', 0, arrived],
    ...[0.15, 0.4, 0.7, 1, 1.3, 1.9, 3, 6].map((factor): Row => {
      return ['RESOLVED_MS', ago, '', bucketOf(factor * hours * 3_600_000), Math.ceil(resolved / 8)];
    }),
    ...versionsOf(ago, resolved),
    ...reviewers.flatMap((reviewer, i) => reviewsOf(reviewer.id, i, ago, Math.round(resolved / (i + 2)))),
  ];
}

/** A new model that is better, and a new prompt that is worse. */
function versionsOf(ago: number, resolved: number): Row[] {
  const shareOfNew = ago > 40 ? 0 : Math.min(1, (40 - ago) / 20);
  const versions = [
    ['MODEL', 'gpt-4.1', '2025-04-14', 0.31 + 0.06 * wave(ago, 0.9), 1 - shareOfNew],
    ['MODEL', 'gpt-5-mini', '2025-08-07', 0.17 + 0.04 * wave(ago, 1.1), shareOfNew],
    ['PROMPT', 'support-reply', '11', 0.22, ago > 12 ? 1 : 0],
    ['PROMPT', 'support-reply', '12', 0.29, ago > 12 ? 0 : 1],
  ] as const;
  return versions.flatMap(([kind, name, version, rate, part]): Row[] => {
    const all = Math.round(resolved * part);
    const corrected = Math.round(all * rate);
    const rejected = Math.round(all * 0.05);
    // As the database writes it.
    const subject = `["${name}", "${version}"]`;
    return [
      [`${kind}_CORRECTED`, ago, subject, 0, corrected],
      [`${kind}_REJECTED`, ago, subject, 0, rejected],
      [`${kind}_CONFIRMED`, ago, subject, 0, all - corrected - rejected],
    ];
  });
}

function reviewsOf(id: string, i: number, ago: number, reviews: number): Row[] {
  return [
    ['REVIEW_MS', ago, id, bucketOf((24 + 13 * i) * 1_000), reviews],
    ['SKIPPED', ago, id, 0, (ago + i) % 9 === 0 ? 1 : 0],
    ['EXPIRED', ago, id, 0, (ago + i) % 17 === 0 ? 1 : 0],
    ['PEER_SAME', ago, id, 0, Math.round(reviews * (0.92 - 0.07 * i))],
    ['PEER_OTHER', ago, id, 0, Math.round(reviews * (0.08 + 0.07 * i))],
    ['RESOLUTION_SAME', ago, id, 0, Math.round(reviews * (0.96 - 0.05 * i))],
    ['RESOLUTION_OTHER', ago, id, 0, Math.round(reviews * (0.04 + 0.05 * i))],
  ];
}
