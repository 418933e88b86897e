import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  execute,
  extendSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { type AccessRule, RULE } from '../src/access/allow.js';
import { Authenticator } from '../src/access/authenticator.js';
import { enforceRules, fieldsWithoutRule, rootRules } from '../src/access/enforce-rules.js';
import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { dummyOperation } from './support/dummy-operation.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let schema: GraphQLSchema;
beforeAll(async () => {
  service = await startService();
  schema = service.app.get(GraphQLSchemaHost).schema;
});
afterAll(() => service?.stop());

const free = { charge: () => Promise.resolve() };

/** As the gateway does it: no HTTP, no Nest guard, only the schema. */
async function executeSchema(on: GraphQLSchema, token: string | null, query: string): Promise<string | undefined> {
  const viewer = token && (await service.app.get(Authenticator).authenticate(token));
  const contextValue = { viewer, requestId: 'test', loaders: new Map() };
  const document = parse(query);
  expect(validate(on, document)).toEqual([]);
  const isStream = query.startsWith('subscription');
  const result = await (isStream ? subscribe : execute)({ schema: on, document, contextValue });
  if (Symbol.asyncIterator in result) await result.return(undefined);
  const [error] = 'errors' in result ? (result.errors ?? []) : [];
  return error && ((error.originalError as { code?: string } | undefined)?.code ?? error.message);
}

const FORBIDDEN_CLOSE = 4403;

/** A client of the gateway, once it is let in or shut out. */
async function connect(token: string | null) {
  const authorization = token === null ? undefined : `Bearer ${token}`;
  let settle: (code: number | null) => void;
  const closed = new Promise<number | null>((resolve) => (settle = resolve));
  const client = createClient({
    url: `${service.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    on: { connected: () => settle(null), closed: (event) => settle((event as { code: number }).code) },
  });
  const refusal = (query: string) =>
    new Promise<unknown>((resolve) =>
      client.subscribe(
        { query },
        {
          next: (message) => resolve(message.errors?.[0]?.extensions?.code ?? message),
          error: (errors) => resolve(Array.isArray(errors) ? errors[0].extensions?.code : errors),
          complete: () => resolve('complete'),
        },
      ),
    );
  return { client, closed: await closed, refusal };
}

describe('a field without a rule', () => {
  test('does not exist', () => {
    expect(fieldsWithoutRule(schema)).toEqual([]);
  });

  test('would be found at the root, in a type, and behind a resolver of its own', () => {
    const planted = extendSchema(schema, parse('extend type Query { planted: Bare! } type Bare { field: String }'));
    expect(fieldsWithoutRule(planted)).toEqual(expect.arrayContaining(['Query.planted', 'Bare.field']));
    const type = planted.getType('Viewer') as GraphQLObjectType;
    expect(fieldsWithoutRule(planted)).not.toContain('Viewer.project');
    type.getFields().project!.resolve = function leak() {
      return 'secret';
    };
    expect(fieldsWithoutRule(planted)).toContain('Viewer.project');
  });

  test('is refused to everybody', async () => {
    const planted = extendSchema(schema, parse('extend type Query { planted: String }'));
    planted.getQueryType()!.getFields().planted!.resolve = () => 'secret';
    enforceRules(planted, free);
    expect(await executeSchema(planted, null, '{ planted }')).toBe('UNAUTHENTICATED');
    expect(await executeSchema(planted, (await service.member({ role: Role.ADMIN })).token, '{ planted }')).toBe(
      'FORBIDDEN',
    );
    expect(await executeSchema(planted, await service.key(), '{ planted }')).toBe('FORBIDDEN');
  });

  test('is not let in by a type that lets its fields be inherited, when it is at the root', () => {
    const planted = extendSchema(schema, parse('extend type Query { planted: String }'));
    planted.getQueryType()!.extensions = { [RULE]: 'INHERITED' };
    planted.getQueryType()!.getFields().planted!.extensions = { [RULE]: 'INHERITED' };
    expect(fieldsWithoutRule(planted)).toEqual(['Query.planted']);
  });
});

test('a rule on one field of a type holds for that field alone', async () => {
  const planted = extendSchema(schema, parse('extend type Viewer { hidden: String }'));
  const fields = (planted.getType('Viewer') as GraphQLObjectType).getFields();
  fields.hidden!.type = GraphQLString;
  fields.hidden!.resolve = () => 'secret';
  fields.hidden!.extensions = { [RULE]: { roles: [Role.ADMIN] } };
  enforceRules(planted, free);
  const reviewer = await service.member({ role: Role.REVIEWER });
  expect(await executeSchema(planted, reviewer.token, '{ viewer { project } }')).toBeUndefined();
  expect(await executeSchema(planted, reviewer.token, '{ viewer { hidden } }')).toBe('FORBIDDEN');
});

describe('every root field answers every caller as its rule says', () => {
  const callers: { who: string; mayUse: (rule: AccessRule) => boolean; token: () => Promise<string | null> }[] = [
    { who: 'nobody', mayUse: (rule) => rule === 'ANYONE', token: async () => null },
    ...Object.values(ApiKeyScope).map((scope) => ({
      who: `a key with ${scope}`,
      mayUse: (rule: AccessRule) => rule === 'ANYONE' || (typeof rule === 'object' && !!rule.scopes?.includes(scope)),
      token: () => service.key([scope]),
    })),
    ...Object.values(Role).map((role) => ({
      who: `a member who is ${role}`,
      mayUse: (rule: AccessRule) => rule === 'ANYONE' || (typeof rule === 'object' && !!rule.roles?.includes(role)),
      token: async () => (await service.member({ role })).token,
    })),
  ];
  const transports: {
    name: string;
    operations: string[];
    code: (token: string | null, query: string) => Promise<string | undefined>;
  }[] = [
    {
      name: 'HTTP',
      operations: ['query', 'mutation'],
      code: async (token, query) => (await service.ask(token, query)).errors?.[0]?.extensions.code,
    },
    {
      name: 'the schema, as the gateway executes it',
      operations: ['query', 'mutation', 'subscription'],
      code: (token, query) => executeSchema(schema, token, query),
    },
  ];

  // Who is let in hears nothing until something happens, so over a real socket only the refusals are awaited.
  test.each(callers)('over WebSocket: $who', async ({ who, mayUse, token }) => {
    const connection = await connect(await token());
    if (who === 'nobody') return expect(connection.closed).toBe(FORBIDDEN_CLOSE);
    for (const { operation, field, rule } of rootRules(schema)) {
      if (operation !== 'subscription' || mayUse(rule!)) continue;
      const definition = schema.getSubscriptionType()!.getFields()[field]!;
      expect(await connection.refusal(dummyOperation(operation, definition)), field).toBe('FORBIDDEN');
    }
    return connection.client.dispose();
  });

  describe.each(transports)('over $name', ({ operations, code }) => {
    test.each(callers)('$who', async ({ who, mayUse, token }) => {
      const roots = rootRules(schema).filter(({ operation }) => operations.includes(operation));
      expect(roots.length).toBeGreaterThan(5);
      for (const { operation, field, rule } of roots) {
        const definition = schema.getRootType(operation as never)!.getFields()[field]!;
        const answer = await code(await token(), dummyOperation(operation, definition));
        const refused = who === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
        const isRefused = answer === 'UNAUTHENTICATED' || answer === 'FORBIDDEN';
        expect(answer, field).not.toBe('GRAPHQL_VALIDATION_FAILED');
        expect(isRefused ? answer : 'let in', `${operation} ${field}`).toBe(mayUse(rule!) ? 'let in' : refused);
      }
    });
  });
});
