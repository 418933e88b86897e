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

const lossyNumbers = new WeakMap<object, readonly Unkeepable[]>();

/** Remembers what parsing rounded, until the operation says which of it was meant as JSON. */
export function rememberLossyNumbers(variables: object, found: readonly Unkeepable[]): void {
  lossyNumbers.set(variables, found);
}

/**
 * The refusal of the first rounded number among the variables that matters where it stands, or null. In a Float, whose
 * precision is that of a double by definition, minus zero and a twentieth digit are ordinary, and Python prints them; in
 * JSON they are evidence. Whole numbers that a double cannot tell apart are refused in both: nobody measures those.
 */
export function roundedJson(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: object | undefined,
): Refusal | null {
  const found = (variables && lossyNumbers.get(variables)) ?? [];
  for (const number of found) {
    if (typeAt(schema, operation, number.path) !== 'Float') return invalidJson(number);
    if (number.isWhole) return new Refusal('INVALID_INPUT', `${pathText(number.path)}: ${ROUNDED_FLOAT}`);
  }
  return null;
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
