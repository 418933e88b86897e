import { Refusal } from '../errors.js';

const PREFIX = 'item:';

/** A place in the list of items: the id of the last one seen. Told apart from a place in the log by its prefix. */
export function encodeItemCursor(id: string): string {
  return Buffer.from(PREFIX + id).toString('base64url');
}

export function decodeItemCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (text.startsWith(PREFIX) && isUuid(text.slice(PREFIX.length))) return text.slice(PREFIX.length);
  throw new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
