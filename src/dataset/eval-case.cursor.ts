import { Refusal } from '../errors.js';
import { isUuid } from '../item/item.cursor.js';

const PREFIX = 'case:';

/** A place in a list of cases by id. */
export function encodeCaseCursor(id: string): string {
  return Buffer.from(PREFIX + id).toString('base64url');
}

export function decodeCaseCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (text.startsWith(PREFIX) && isUuid(text.slice(PREFIX.length))) return text.slice(PREFIX.length);
  throw new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
}
