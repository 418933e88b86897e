import { readFileSync } from 'node:fs';

import {
  buildSchema,
  findBreakingChanges,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { expect, test } from 'vitest';

const core = buildSchema(readFileSync('test/support/core-contract.graphql', 'utf8'));
const actual = buildSchema(readFileSync('schema.gql', 'utf8'));

test('schema.gql breaks nothing of the core contract', () => {
  expect(findBreakingChanges(core, actual).map((change) => change.description)).toEqual([]);
});

test('every field, argument and nullability of the core contract is as promised', () => {
  expect(shapeOf(actual, core)).toEqual(shapeOf(core, core));
});

/** `Type.field(arg: Type): Type` for everything that `within` has, as `schema` says it. */
function shapeOf(schema: GraphQLSchema, within: GraphQLSchema): string[] {
  const lines: string[] = [];
  for (const type of Object.values(within.getTypeMap())) {
    if (type.name.startsWith('__') || !('getFields' in type)) continue;
    const other = schema.getType(type.name);
    const fields = isObjectType(other) || isInputObjectType(other) || isInterfaceType(other) ? other.getFields() : {};
    for (const [name, field] of Object.entries(type.getFields())) {
      const found = fields[name];
      const wanted = 'args' in field ? field.args.map((arg: { name: string }) => arg.name) : [];
      const args = found && 'args' in found ? found.args.filter((arg) => wanted.includes(arg.name)) : [];
      const signature = args.map((arg) => `${arg.name}: ${String(arg.type)}`).sort();
      lines.push(`${type.name}.${name}(${signature.join(', ')}): ${found ? String(found.type) : 'missing'}`);
    }
  }
  return lines;
}
