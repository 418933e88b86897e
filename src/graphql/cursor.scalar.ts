import { GraphQLScalarType, Kind } from 'graphql';

import { Refusal } from '../errors.js';

/** Opaque here; what is in it, and whether it is of this project, only the log knows (log/cursor.ts). */
export const CursorScalar = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description:
    "A position in the project's log or in a list. Opaque; pass it back as `after` to go on exactly where you were.",
  serialize: (value) => String(value),
  parseValue: (value) => parse(value),
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});

function parse(value: unknown): string {
  if (typeof value === 'string' && /^[\w-]{1,512}$/.test(value)) return value;
  throw new Refusal('INVALID_INPUT', 'Not a cursor; pass one back exactly as it was received.');
}
