import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** A valid document that calls one root field with made-up arguments: enough to learn whether the caller may. */
export function dummyOperation(operation: string, field: GraphQLField<unknown, unknown>): string {
  const args = field.args.filter(isRequiredArgument).map(({ name, type }) => `${name}: ${dummyValue(type)}`);
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return `${operation} { ${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${selection} }`;
}

function dummyValue(type: GraphQLInputType): string {
  if (isNonNullType(type)) return dummyValue(type.ofType);
  if (isListType(type)) return `[${dummyValue(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${dummyValue(field.type)}`).join(', ')} }`;
  }
  const scalars: Record<string, string> = {
    ID: '"0198a6f0-0000-7000-8000-000000000000"',
    Int: '1',
    Float: '0.5',
    Boolean: 'true',
    DateTime: '"2030-01-01T00:00:00.000Z"',
    JSON: '{}',
  };
  return scalars[type.name] ?? '"x"';
}
