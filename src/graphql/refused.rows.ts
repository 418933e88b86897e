import {
  coerceInputValue,
  getNullableType,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLLeafType,
  type GraphQLSchema,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

import { Refusal } from '../errors.js';
import { withoutHints } from './error.format.js';
import { pathText } from './json.exactness.js';
import { refusalAt, rememberUnkept, unkeptIn } from './json.positions.js';
import { JsonScalar } from './json.scalar.js';

/** How rows of an input type are refused one by one. */
interface Rows {
  /** Of longer lists the call is refused as a whole. */
  readonly most: number;
  /** A row that the type takes, with `mark` where a JSON value stands: it comes through as the object that it is. */
  readonly standIn: (row: unknown, mark: object) => object;
}

const rowsOf = new Map<string, Rows>();
const refusals = new WeakMap<object, Refusal>();

/**
 * Lets a list of this input type, given as a variable, come through although some of its rows are not valid.
 *
 * GraphQL refuses all variables for one wrong value, and knows no other way. So before they are coerced each row that would
 * be refused gives place to one that stands for it, and whoever takes the rows finds why (`refusalOf`).
 */
export function refuseRowsAlone(typeName: string, rows: Rows): void {
  rowsOf.set(typeName, rows);
}

/** Why the row was refused in whose place this mark came; undefined for everything that a client can send. */
export function refusalOf(mark: unknown): Refusal | undefined {
  return typeof mark === 'object' && mark !== null ? refusals.get(mark) : undefined;
}

type Variables = Record<string, unknown>;

/** Changes the variables. What it leaves is refused as always. */
export function setRowsAside(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables | undefined,
): void {
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const values = variables?.[name];
    const list = getNullableType(typeFromAST(schema, type));
    if (!variables || !Array.isArray(values) || !isListType(list) || !isInputType(list.ofType)) continue;
    const rows = rowsOf.get(String(getNullableType(list.ofType)));
    if (!rows || values.length > rows.most) continue;
    const setAside = (row: number, refusal: Refusal) => {
      const mark = {};
      refusals.set(mark, refusal);
      values[row] = rows.standIn(values[row], mark);
    };
    for (const [row, refusal] of unkeptRows(schema, operation, variables, name)) setAside(row, refusal);
    for (const [row, refusal] of wrongRows(list.ofType, values, name)) setAside(row, refusal);
  }
}

/** What cannot be kept as it was written, by row; what is left is remembered for the whole. */
function unkeptRows(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
  name: string,
): Map<number, Refusal> {
  const refused = new Map<number, Refusal>();
  const found = unkeptIn(variables);
  const isHere = ({ path }: (typeof found)[number]) => path[1] === name && typeof path[2] === 'number';
  for (const one of found.filter(isHere)) {
    const row = one.path[2] as number;
    const refusal = refused.has(row) ? null : refusalAt(schema, operation, one);
    if (refusal) refused.set(row, refusal);
  }
  const others = found.filter((one) => !isHere(one));
  rememberUnkept(variables, others);
  return refused;
}

/** What the type does not take, by row. */
function wrongRows(type: GraphQLInputType, values: readonly unknown[], name: string): Map<number, Refusal> {
  const refused = new Map<number, Refusal>();
  for (const [row, value] of values.entries()) {
    if (isPlainlyFine(type, value)) continue;
    coerceInputValue(value, type, (path, _, error) => {
      if (!refused.has(row)) refused.set(row, refusalFor(error, pathText(['variables', name, row, ...path])));
    });
  }
  return refused;
}

/** A quick look that spares most rows the slow one: GraphQL coerces them all once more. JSON was looked at as text. */
function isPlainlyFine(type: GraphQLInputType, value: unknown): boolean {
  if (isNonNullType(type)) return value != null && isPlainlyFine(type.ofType, value);
  if (value == null || type === JsonScalar) return true;
  if (isListType(type)) return Array.isArray(value) && value.every((it) => isPlainlyFine(type.ofType, it));
  if (isLeafType(type)) return isTaken(type, value);
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  const fields = type.getFields();
  return (
    Object.keys(value).every((key) => Object.hasOwn(fields, key)) &&
    Object.values(fields).every((field) => isPlainlyFine(field.type, (value as Variables)[field.name]))
  );
}

function isTaken(type: GraphQLLeafType, value: unknown): boolean {
  try {
    return type.parseValue(value) !== undefined;
  } catch {
    return false;
  }
}

function refusalFor({ message, originalError }: GraphQLError, where: string): Refusal {
  if (originalError instanceof Refusal) {
    return new Refusal(originalError.code, `${where}: ${originalError.message}`, originalError.details);
  }
  return new Refusal('INVALID_INPUT', `${where}: ${withoutHints(message)}`);
}
