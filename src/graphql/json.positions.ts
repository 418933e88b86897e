import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

import { Refusal } from '../errors.js';
import { type JsonPath, pathText, type Unkeepable } from './json.exactness.js';

/** The refusal of a JSON value that cannot be kept. */
export function invalidJson({ path, reason }: Unkeepable): Refusal {
  const where = pathText(path);
  return new Refusal('INVALID_JSON', `Cannot be kept exactly as sent: ${reason}${where ? `, at ${where}` : ''}.`, {
    path: where,
  });
}

const unkept = new WeakMap<object, readonly Unkeepable[]>();

/** Remembers what parsing hid, until the operation says which of it was meant as JSON, and which rows are refused alone. */
export function rememberUnkept(variables: object, found: readonly Unkeepable[]): void {
  unkept.set(variables, found);
}

export function unkeptIn(variables: object | undefined): readonly Unkeepable[] {
  return (variables && unkept.get(variables)) ?? [];
}

/** The refusal of the first place among the variables that matters where it stands, or null. */
export function unkeptJson(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: object | undefined,
): Refusal | null {
  for (const found of unkeptIn(variables)) {
    const refusal = refusalAt(schema, operation, found);
    if (refusal) return refusal;
  }
  return null;
}

/**
 * The refusal of what was found, unless it does not matter where it stands. In a Float, whose
 * precision is that of a double by definition, minus zero and a twentieth digit are ordinary, and Python prints them; in
 * JSON they are evidence. Whole numbers that a double cannot tell apart are refused in both: nobody measures those.
 */
export function refusalAt(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  found: Unkeepable,
): Refusal | null {
  if (!found.isNumber || typeAt(schema, operation, found.path) !== 'Float') return invalidJson(found);
  return found.isWhole ? new Refusal('INVALID_INPUT', `${pathText(found.path)}: ${ROUNDED_FLOAT}`) : null;
}

export const ROUNDED_FLOAT =
  'a whole number in a Float may be -9007199254740991 to 9007199254740991; a double cannot tell larger ones apart.';

/** The name of the input type where `variables.<path>` leads, or of the scalar that it enters. */
function typeAt(schema: GraphQLSchema, operation: OperationDefinitionNode, path: JsonPath): string | undefined {
  const [, name, ...steps] = path;
  const definition = operation.variableDefinitions?.find((it) => it.variable.name.value === name);
  const declared = definition && typeFromAST(schema, definition.type);
  let type: GraphQLInputType | undefined = isInputType(declared) ? declared : undefined;
  for (const step of steps) {
    type = type && getNullableType(type);
    // One value stands for a list of one.
    while (isListType(type) && typeof step !== 'number') type = getNullableType(type.ofType) as GraphQLInputType;
    if (isListType(type)) type = type.ofType as GraphQLInputType;
    else if (isInputObjectType(type)) type = type.getFields()[step]?.type;
  }
  for (type = type && getNullableType(type); isListType(type);) type = getNullableType(type.ofType) as GraphQLInputType;
  return type && 'name' in type ? type.name : undefined;
}
