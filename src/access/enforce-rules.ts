import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';

import { type AccessRule, RULE } from './allow.js';
import { authorize } from './authorize.js';
import type { RateLimit } from './rate-limit.js';
import type { Viewer } from './viewer.js';

/**
 * Puts the rules into the schema itself, so that whatever executes it (Apollo over HTTP, our own WebSocket gateway, a
 * test) cannot go around them: each field is wrapped in its rule's check, and a field without a rule is refused.
 *
 * A plain field of a type with `@AllowInherited()` is left as it is and costs nothing: who holds the object was let in
 * by the field that it came from. "Plain" means read off the object by the function that Nest makes for `@Field`;
 * anything else is a resolver and needs its own rule.
 *
 * Known limit: Nest drops the rule of a `@ResolveField` whose name is also a `@Field` of the class. Such a field is
 * refused, not opened; declare it in the resolver only.
 */
export function enforceRules(schema: GraphQLSchema, rateLimit: Pick<RateLimit, 'charge'>): GraphQLSchema {
  for (const { type, field, isRoot } of outputFields(schema)) {
    const rule = ruleOf(type, field, isRoot);
    if (isRoot) guardRoot(field, rule, rateLimit);
    else if (rule !== 'INHERITED') guardField(field, rule);
  }
  return schema;
}

/** Authorises and charges: once for a call, and for a stream when it is opened; then each event is authorised again. */
function guardRoot(field: Field, rule: AccessRule | undefined, rateLimit: Pick<RateLimit, 'charge'>): void {
  const { resolve = defaultFieldResolver, subscribe } = field;
  const enter = async (viewer: Viewer | null) => {
    authorize(rule, viewer);
    if (viewer) await rateLimit.charge(viewer, 1);
  };
  if (!subscribe) {
    field.resolve = async (source, args, context, info) => {
      await enter(context.viewer);
      return resolve(source, args, context, info);
    };
    return;
  }
  guardField(field, rule);
  field.subscribe = async (source, args, context, info) => {
    await enter(context.viewer);
    return subscribe(source, args, context, info);
  };
}

function guardField(field: Field, rule: AccessRule | undefined): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context, info) => {
    authorize(rule, context.viewer);
    return resolve(source, args, context, info);
  };
}

/** The fields that nobody may read because nobody said who may, as `Type.field`. */
export function fieldsWithoutRule(schema: GraphQLSchema): string[] {
  return outputFields(schema)
    .filter(({ type, field, isRoot }) => ruleOf(type, field, isRoot) === undefined)
    .map(({ type, field }) => `${type.name}.${field.name}`);
}

/** The rule of a root field; for the test that tries every caller on every field. */
export function rootRules(schema: GraphQLSchema): { operation: string; field: string; rule: AccessRule | undefined }[] {
  return outputFields(schema)
    .filter(({ isRoot }) => isRoot)
    .map(({ type, field }) => ({
      operation: type.name.toLowerCase(),
      field: field.name,
      rule: ruleOf(type, field, true),
    }));
}

interface Caller {
  readonly viewer: Viewer | null;
}

type Field = GraphQLField<unknown, Caller>;

function outputFields(schema: GraphQLSchema): { type: GraphQLObjectType; field: Field; isRoot: boolean }[] {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type))
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field: Field) => ({ type, field, isRoot: roots.has(type) })),
    );
}

function ruleOf(type: GraphQLObjectType, field: Field, isRoot: boolean): AccessRule | undefined {
  const rule = own(field) ?? (!isRoot && isPlain(field) && own(type) === 'INHERITED' ? 'INHERITED' : undefined);
  // The root has no object to inherit from.
  return isRoot && rule === 'INHERITED' ? undefined : rule;
}

function own(of: { readonly extensions: unknown }): AccessRule | undefined {
  return (of.extensions as Record<string, AccessRule> | undefined)?.[RULE];
}

function isPlain(field: Field): boolean {
  return field.resolve === undefined || field.resolve.name === 'rootFieldResolver';
}
