import type { AddressInfo } from 'node:net';

import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { v7 as uuidv7 } from 'uuid';

import { hmac, mintToken } from '../../src/access/token.js';
import { ApiKeyScope, Role } from '../../src/access/viewer.js';
import { createApp } from '../../src/app.js';
import { completeConfig, type Config, readSettings } from '../../src/config.js';
import { createDatabase, type TestDatabase } from './database.js';

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string } & Record<string, unknown>;
}

export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: GraphqlError[];
}

export interface TestMember {
  id: string;
  token: string;
}

/** A running service on a database of its own, and what a test needs to talk to it. */
export interface TestService {
  readonly url: string;
  readonly app: NestExpressApplication;
  readonly database: TestDatabase;
  readonly projectId: number;
  sql: TestDatabase['sql'];
  /** Sends an operation and returns the answer as it came, errors included. */
  ask<Data = Record<string, any>>(token: string | null, query: string, variables?: object): Promise<Answer<Data>>;
  /** As `ask`, but an error in the answer throws. */
  do<Data = Record<string, any>>(token: string | null, query: string, variables?: object): Promise<Data>;
  /** Makes a member straight in the database and returns a personal token. */
  member(options?: { role?: Role; skills?: string[]; name?: string }): Promise<TestMember>;
  /** Makes an API key straight in the database; all scopes unless told. */
  key(scopes?: ApiKeyScope[]): Promise<string>;
  stop(): Promise<void>;
}

export const TEST_SECRET = 'a secret for tests only, thirty-two or more';

export function testConfig(databaseUrl: string, overrides: Partial<Config> = {}): Config {
  return {
    ...completeConfig(readSettings({}), databaseUrl, TEST_SECRET),
    port: 0,
    poolSize: 10,
    logLevel: 'error',
    ...overrides,
  };
}

/** Starts a service; with `on` it is another instance on the same database and project. */
export async function startService(
  options: { config?: Partial<Config>; on?: TestService; modules?: readonly Type[] } = {},
): Promise<TestService> {
  const database = options.on?.database ?? (await createDatabase());
  const app = await createApp(testConfig(database.url, options.config), { modules: options.modules ?? [] });
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const projectId = options.on?.projectId ?? (await makeProject(database));

  const ask: TestService['ask'] = async <Data>(token: string | null, query: string, variables: object = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as object) } as Answer<Data>;
  };

  return {
    url,
    app,
    database,
    projectId,
    sql: database.sql,
    ask,
    async do<Data>(token: string | null, query: string, variables: object = {}) {
      const answer = await ask<Data>(token, query, variables);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 2));
      return answer.data;
    },
    async member({ role = Role.REVIEWER, skills = [], name } = {}) {
      const id = uuidv7();
      // Of a test that is tried again, whoever had the name before.
      await database.sql(`UPDATE member SET name = name || ' ' || id WHERE project_id = $1 AND name = $2`, [
        projectId,
        name ?? null,
      ]);
      await database.sql(`INSERT INTO member (project_id, id, name, role, skills) VALUES ($1, $2, $3, $4, $5)`, [
        projectId,
        id,
        name ?? `${role.toLowerCase()} ${id.slice(-6)}`,
        role,
        skills,
      ]);
      return { id, token: await makeToken(database, projectId, { memberId: id }) };
    },
    key(scopes = Object.values(ApiKeyScope)) {
      return makeToken(database, projectId, { scopes });
    },
    async stop() {
      await app.close();
      if (!options.on) await database.drop();
    },
  };
}

async function makeProject(database: TestDatabase): Promise<number> {
  const [row] = await database.sql<{ id: number }>(
    `INSERT INTO project (key, name) VALUES ('test', 'Test') RETURNING id`,
  );
  return row!.id;
}

async function makeToken(
  database: TestDatabase,
  projectId: number,
  holder: { memberId: string } | { scopes: ApiKeyScope[] },
): Promise<string> {
  const memberId = 'memberId' in holder ? holder.memberId : null;
  const scopes = 'scopes' in holder ? holder.scopes : [];
  const kind = memberId ? 'PERSONAL_TOKEN' : 'API_KEY';
  const { token, text } = mintToken(kind, projectId);
  await database.sql(
    `INSERT INTO access_key (project_id, id, kind, name, secret_hmac, scopes, member_id, created_by)
     VALUES ($1, $2, $3, 'test', $4, $5, $6, 'system')`,
    [projectId, token.keyId, kind, hmac(TEST_SECRET, token.secret), scopes, memberId],
  );
  return text;
}
