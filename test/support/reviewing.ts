import { v7 as uuidv7 } from 'uuid';

import type { Answer, TestMember, TestService } from './service.js';

export interface TestQueue {
  id: string;
  key: string;
}

export interface QueueOptions {
  key?: string;
  reviewsRequired?: number;
  leaseSeconds?: number;
  skills?: string[];
  fields?: object[];
}

/** A queue straight in the database, with a lane for each slot. */
export async function makeQueue(service: TestService, options: QueueOptions = {}): Promise<TestQueue> {
  const { reviewsRequired = 1, leaseSeconds = 600, skills = [], fields = [] } = options;
  const id = uuidv7();
  const key = options.key ?? `queue-${id.slice(-12)}`;
  await service.sql(
    `WITH q AS (INSERT INTO queue (project_id, id, key, name, rubric_version, reviews_required, lease_seconds, skills)
                VALUES ($1, $2, $3, $3, 1, $4, $5, $6)),
          l AS (INSERT INTO lane (project_id, queue_id, skills, tier)
                SELECT $1, $2, $6, tier FROM generate_series(0, $4 - 1) tier)
     INSERT INTO rubric (project_id, queue_id, version, fields, created_by) VALUES ($1, $2, 1, $7, 'system')`,
    [service.projectId, id, key, reviewsRequired, leaseSeconds, skills, JSON.stringify(fields)],
  );
  return { id, key };
}

export interface ItemOptions {
  rank?: number;
  output?: unknown;
}

/** An open item with its tickets straight in the database; returns its id. */
export async function makeItem(service: TestService, queue: TestQueue, options: ItemOptions = {}): Promise<string> {
  const [id] = await makeItems(service, queue, [options]);
  return id!;
}

let lastRank = 0;

export async function makeItems(service: TestService, queue: TestQueue, items: ItemOptions[]): Promise<string[]> {
  const rows = items.map(({ rank = (lastRank += 1), output = 'the answer' }) => ({ id: uuidv7(), rank, output }));
  await service.sql(
    `WITH new AS (SELECT * FROM json_to_recordset($3) AS x(id uuid, rank bigint, output json)),
          q AS (SELECT * FROM queue WHERE project_id = $1 AND id = $2),
          i AS (INSERT INTO item (project_id, id, external_id, queue_id, source, rank, reviews_required)
                SELECT $1, new.id, new.id::text, $2, 'test', new.rank, q.reviews_required FROM new, q RETURNING id),
          e AS (INSERT INTO evidence (project_id, item_id, input, output) SELECT $1, id, '"the question"', output FROM new)
     INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
     SELECT $1, l.id, new.rank, new.id, l.tier FROM new, lane l WHERE l.project_id = $1 AND l.queue_id = $2`,
    [service.projectId, queue.id, JSON.stringify(rows)],
  );
  return rows.map((row) => row.id);
}

export interface Held {
  id: string;
  leaseToken: string;
  leaseExpiresAt: string;
  status: string;
  item: { id: string };
  draft: { verdict: string | null; correctedOutput: unknown; labels: unknown; comment: string | null } | null;
}

export interface Claimed {
  assignments: Held[];
  emptyReason: string | null;
  nextAvailableAt: string | null;
}

const ASSIGNMENT = `id status leaseToken leaseExpiresAt item { id } draft { verdict correctedOutput labels comment }`;

export async function claim(service: TestService, member: TestMember, input: object = {}): Promise<Claimed> {
  const data = await service.do<{ claimNext: Claimed }>(
    member.token,
    `mutation ($input: ClaimNextInput!) {
       claimNext(input: $input) { assignments { ${ASSIGNMENT} } emptyReason nextAvailableAt } }`,
    { input },
  );
  return data.claimNext;
}

/** Claims one that must be there. */
export async function claimOne(service: TestService, member: TestMember, queue?: TestQueue): Promise<Held> {
  const { assignments, emptyReason } = await claim(service, member, queue ? { queue: queue.key } : {});
  if (!assignments[0]) throw new Error(`nothing to claim: ${emptyReason}`);
  return assignments[0];
}

export const leaseOf = (held: Held) => ({ assignmentId: held.id, leaseToken: held.leaseToken });

export type LeaseMutation = 'renewLease' | 'saveDraft' | 'releaseAssignment';

export function onLease(service: TestService, member: TestMember, mutation: LeaseMutation, input: object) {
  const type = { renewLease: 'LeaseInput', saveDraft: 'SaveDraftInput', releaseAssignment: 'ReleaseInput' }[mutation];
  return service.ask<Record<LeaseMutation, { assignment: Held }>>(
    member.token,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { assignment { ${ASSIGNMENT} } } }`,
    { input },
  );
}

export interface Submitted {
  submitReview: {
    review: { id: string; verdict: string; correctedOutput: unknown; labels: unknown; durationMs: number };
    item: { id: string; status: string };
  };
}

export function submit(
  service: TestService,
  member: TestMember,
  held: Held,
  answer: object = { verdict: 'CONFIRMED' },
) {
  return service.ask<Submitted>(
    member.token,
    `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) {
       review { id verdict correctedOutput labels comment durationMs rubricVersion supersedes submittedAt reviewer { id } item { id } }
       item { id status } } }`,
    { input: { ...leaseOf(held), ...answer } },
  );
}

export const codeOf = (answer: Answer<unknown>): string | null => answer.errors?.[0]?.extensions.code ?? null;

/** Makes a lease one that ended a second ago. */
export async function letExpire(service: TestService, held: { id: string }): Promise<void> {
  await service.sql(`UPDATE assignment SET lease_expires_at = now() - interval '1 second' WHERE id = $1`, [held.id]);
}

export interface Revised {
  reviseReview: {
    review: { id: string; verdict: string; revision: number; supersedes: string | null };
    item: { id: string; status: string };
  };
}

export function revise(service: TestService, member: TestMember, reviewId: string, answer: object) {
  return service.ask<Revised>(
    member.token,
    `mutation ($input: ReviseReviewInput!) { reviseReview(input: $input) {
       review { id verdict correctedOutput labels comment revision supersedes shown } item { id status } } }`,
    { input: { reviewId, ...answer } },
  );
}

export function escalate(service: TestService, member: TestMember, held: Held, note: string) {
  return service.ask<{ escalate: { item: { id: string; status: string } } }>(
    member.token,
    `mutation ($input: EscalateInput!) { escalate(input: $input) { item { id status } } }`,
    { input: { ...leaseOf(held), note } },
  );
}
