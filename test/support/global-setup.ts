import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { migrate } from '../../src/database/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
    templateName: string;
  }
}

/** One migrated template database a run; each service of a test file gets a copy of it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const adminUrl = process.env.TEST_DATABASE_URL;
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set');
  const templateName = `countersign_template_${process.pid}`;
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${templateName}`);
  const url = new URL(adminUrl);
  url.pathname = `/${templateName}`;
  await migrate(url.href);
  project.provide('adminUrl', adminUrl);
  project.provide('templateName', templateName);
  return async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${templateName} WITH (FORCE)`);
    await admin.end();
  };
}
