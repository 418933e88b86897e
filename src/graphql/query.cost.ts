import {
  type FragmentDefinitionNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLSchema,
  type DocumentNode,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  type GraphQLNamedType,
} from 'graphql';

import { Refusal } from '../errors.js';
import { limits } from './limits.js';

/** How many elements a list without an argument for its size is taken to have. */
const ASSUMED_LENGTH = 10;
const SIZE_ARGUMENTS = ['first', 'last', 'limit', 'count'];

interface Document {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly known: Map<string, number>;
}

/**
 * The refusal of an operation whose answer could hold more fields than limits.cost. A field costs 1 and, if it is a list, the
 * cost of its selection as many times as it has elements: as many as were asked for (`first`, a list of inputs), or 10.
 * A connection hands the size that it was asked for to the list inside it (`edges`).
 *
 * It needs the variables' values, so it is no validation rule; both transports call it once the operation is known.
 * Known limit: it bounds the answer, not the work of the database, which the resolvers' own page limits do.
 */
export function tooCostly(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Refusal | null {
  const definitions = document.definitions.filter((it) => it.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = new Map(definitions.map((it) => [it.name.value, it]));
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).map((it) => [it.variable.name.value, numberIn(it.defaultValue)]),
  );
  const root = schema.getRootType(operation.operation);
  const known = new Map<string, number>();
  const cost = costOf(operation.selectionSet, root, 1, {
    schema,
    fragments,
    variables: { ...defaults, ...variables },
    known,
  });
  if (cost <= limits.cost) return null;
  return new Refusal(
    'INVALID_INPUT',
    `The answer could hold ${cost} fields; at most ${limits.cost} are allowed. Ask for fewer elements or fewer fields.`,
    { cost, maxCost: limits.cost },
  );
}

type Parent = GraphQLNamedType | null | undefined;

function costOf(set: SelectionSetNode, parent: Parent, handedDown: number, document: Document): number {
  let cost = 0;
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      cost += fieldCost(node, parent, handedDown, document);
    } else if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = node.typeCondition ? document.schema.getType(node.typeCondition.name.value) : parent;
      cost += costOf(node.selectionSet, type, handedDown, document);
    } else {
      cost += spreadCost(node.name.value, handedDown, document);
    }
  }
  return cost;
}

/** Once per fragment and size: a document that doubles itself fragment by fragment is counted in no time. */
function spreadCost(name: string, handedDown: number, document: Document): number {
  const key = `${name} ${handedDown}`;
  const known = document.known.get(key);
  if (known !== undefined) return known;
  const fragment = document.fragments.get(name);
  if (!fragment) return 0;
  const cost = costOf(
    fragment.selectionSet,
    document.schema.getType(fragment.typeCondition.name.value),
    handedDown,
    document,
  );
  document.known.set(key, cost);
  return cost;
}

function fieldCost(node: FieldNode, parent: Parent, handedDown: number, document: Document): number {
  // Introspection is as large as the schema; how often it may go in circles the specification's own rule limits.
  if (!node.selectionSet || node.name.value.startsWith('__')) return 1;
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  const field = hasFields ? parent.getFields()[node.name.value] : undefined;
  const type = field && getNamedType(field.type);
  const asked = field ? askedSize(node, field, document) : 0;
  if (field && !isListType(getNullableType(field.type))) return 1 + costOf(node.selectionSet, type, asked, document);
  const length = asked || handedDown || ASSUMED_LENGTH;
  return 1 + length * costOf(node.selectionSet, type, 0, document);
}

/** How many elements the arguments ask for; 0 when they do not say. */
function askedSize(node: FieldNode, field: GraphQLField<unknown, unknown>, document: Document): number {
  let size = 0;
  for (const argument of field.args) {
    const given = node.arguments?.find((it) => it.name.value === argument.name)?.value;
    if (SIZE_ARGUMENTS.includes(argument.name)) {
      size = Math.max(size, numberOf(given, document) ?? Number(argument.defaultValue ?? 0));
    } else if (isListType(getNullableType(argument.type))) {
      size = Math.max(size, lengthOf(given, document));
    } else if (argument.name === 'input') {
      size = Math.max(size, sizeInInput(given, document));
    }
  }
  // Nonsense is for the resolver to refuse; here it only must not make the sum smaller.
  return Number.isFinite(size) ? Math.max(0, size) : 0;
}

/** `claimNext(input: { count: 5 })` */
function sizeInInput(value: ValueNode | undefined, document: Document): number {
  if (value?.kind === Kind.VARIABLE) {
    const input = document.variables[value.name.value];
    if (typeof input !== 'object' || input === null) return 0;
    return Math.max(0, ...SIZE_ARGUMENTS.map((name) => Number((input as Record<string, unknown>)[name] ?? 0) || 0));
  }
  if (value?.kind !== Kind.OBJECT) return 0;
  const sizes = value.fields.filter((it) => SIZE_ARGUMENTS.includes(it.name.value));
  return Math.max(0, ...sizes.map((it) => numberOf(it.value, document) ?? 0));
}

function numberOf(value: ValueNode | undefined, { variables }: Document): number | undefined {
  if (value?.kind !== Kind.VARIABLE) return numberIn(value);
  const given = variables[value.name.value];
  return typeof given === 'number' ? given : undefined;
}

function numberIn(value: ValueNode | undefined): number | undefined {
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}

function lengthOf(value: ValueNode | undefined, { variables }: Document): number {
  if (value?.kind === Kind.LIST) return value.values.length;
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return Array.isArray(given) ? given.length : 0;
}
