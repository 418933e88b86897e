import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';

import { findUnkeepable, type JsonPath, numberTextProblem, type Unkeepable } from './json.exactness.js';
import { invalidJson } from './json.positions.js';
import { limits } from './limits.js';

/**
 * Evidence: what goes in comes out the same or is refused, never altered. As a variable, what parsing the request would
 * hide (doubled keys, digits beyond a double) has been looked for in the request's own text before.
 */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON value; it comes back as it was sent. What cannot be kept exactly is refused (INVALID_JSON), never ' +
    'altered: integers beyond 2^53-1, minus zero, infinities, numbers with more digits than a double keeps, doubled ' +
    'keys, keys named __proto__, U+0000, lone surrogates, more than 200 levels of nesting. Numbers are kept by value: ' +
    '1.0 comes back as 1.',
  serialize: (value) => value,
  parseValue: (value) => {
    const found = findUnkeepable(value);
    if (found) throw invalidJson(found);
    return value;
  },
  parseLiteral: (node, variables) => literal(node, variables ?? {}, []),
});

type Variables = Readonly<Record<string, unknown>>;

function literal(node: ValueNode, variables: Variables, at: JsonPath): unknown {
  if (at.length > limits.jsonDepth) refuse(at, `nested deeper than ${limits.jsonDepth} levels`);
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.BOOLEAN:
      return node.value;
    case Kind.STRING:
      return kept(node.value, at);
    case Kind.INT:
    case Kind.FLOAT: {
      const problem = numberTextProblem(node.value);
      return problem === null ? Number(node.value) : refuse(at, problem, true);
    }
    case Kind.LIST:
      return node.values.map((element, index) => literal(element, variables, [...at, index]) ?? null);
    case Kind.OBJECT:
      return object(node.fields, variables, at);
    case Kind.VARIABLE:
      return kept(variables[node.name.value], at);
    case Kind.ENUM:
      return refuse(at, `the bare word ${node.value}; text stands in quotes`);
  }
}

type Fields = Extract<ValueNode, { kind: Kind.OBJECT }>['fields'];

function object(fields: Fields, variables: Variables, at: JsonPath): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, value } of fields) {
    const path = [...at, name.value];
    if (name.value === '__proto__') refuse(path, 'a key named __proto__');
    if (Object.hasOwn(result, name.value)) refuse(path, 'a key that stands twice in one object');
    const parsed = literal(value, variables, path);
    if (parsed !== undefined) result[name.value] = parsed;
  }
  return result;
}

function kept(value: unknown, at: JsonPath): unknown {
  // A variable that was not given is left out, and while the document is only validated there are none.
  const found = value === undefined ? null : findUnkeepable(value, at);
  if (found) throw invalidJson(found);
  return value;
}

function refuse(path: JsonPath, reason: string, isNumber = false): never {
  throw invalidJson({ path, reason, isNumber } satisfies Unkeepable);
}
