import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { migrate } from '../../src/database/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
    templateName: string;
  }
}

/**
 * One migrated template database a run; each service of a test file gets a copy of it. On the server that
 * TEST_DATABASE_URL names (its account may create databases), otherwise on the embedded one, in a folder of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL
    ? { url: process.env.TEST_DATABASE_URL, stop: () => Promise.resolve() }
    : await startEmbedded();
  const templateName = `countersign_template_${process.pid}`;
  const admin = new pg.Client(server.url);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${templateName}`);
  const url = new URL(server.url);
  url.pathname = `/${templateName}`;
  await migrate(url.href);
  project.provide('adminUrl', server.url);
  project.provide('templateName', templateName);
  return async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${templateName} WITH (FORCE)`);
    await admin.end();
    await server.stop();
  };
}

async function startEmbedded(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-test-'));
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedServer.start({
    dataDir,
    onNotice: (message) => console.warn(message),
    onLost: (reason) => console.error(reason),
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
