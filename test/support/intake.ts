import { v7 as uuidv7 } from 'uuid';

import type { TestService } from './service.js';

interface QueueOptions {
  key?: string;
  reviewsRequired?: number;
  slaSeconds?: number | null;
  skills?: string[];
}

/** Makes a queue with its lanes straight in the database. */
export async function makeQueue(service: TestService, options: QueueOptions = {}): Promise<string> {
  const { key = 'answers', reviewsRequired = 1, slaSeconds = null, skills = [] } = options;
  const id = uuidv7();
  await service.sql(
    `WITH q AS (
       INSERT INTO queue (project_id, id, key, name, rubric_version, reviews_required, sla_seconds, skills)
       VALUES ($1, $2, $3, $3, 1, $4, $5, $6)
     ), r AS (
       INSERT INTO rubric (project_id, queue_id, version, fields, created_by) VALUES ($1, $2, 1, '[]', 'system')
     )
     INSERT INTO lane (project_id, queue_id, skills, tier)
     SELECT $1, $2, $6::text[], tier FROM generate_series(0, $4::integer - 1) AS tier`,
    [service.projectId, id, key, reviewsRequired, slaSeconds, skills],
  );
  return id;
}

export async function makePolicy(service: TestService, rules: object[], version = 1): Promise<void> {
  await service.sql(`INSERT INTO policy (project_id, version, rules, created_by) VALUES ($1, $2, $3, 'system')`, [
    service.projectId,
    version,
    JSON.stringify(rules),
  ]);
}

export const FLAG = `mutation ($input: FlagOutputInput!) { flagOutput(input: $input) {
  decision duplicate rule
  item { id externalId status priority dueAt createdAt input output context metadata reviewsRequired
         source tags reasons signals { name value } model { name version } queue { key } rule policyVersion } } }`;

export const FLAG_MANY = `mutation ($inputs: [FlagOutputInput!]!) { flagOutputs(inputs: $inputs) { rows {
  externalId payload { decision duplicate rule item { id } } error { code message } } } }`;

/** An output as an application could send it. */
export function output(externalId: string, more: object = {}): Record<string, unknown> {
  return {
    externalId,
    source: 'support-bot',
    queue: 'answers',
    input: { question: 'Where is my parcel?' },
    output: { answer: 'On its way.' },
    ...more,
  };
}
