import pg from 'pg';

import { type CountDifference, recount } from '../../src/insight/recount.js';
import type { TestService } from './service.js';

/** What a recount finds, in one snapshot of the database. */
export async function differences(service: TestService): Promise<CountDifference[]> {
  const client = new pg.Client(service.database.url);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query = async (text: any, params: any) => (await client.query(text, params)).rows as any[];
    return await recount({ query }, service.projectId);
  } finally {
    await client.end();
  }
}
