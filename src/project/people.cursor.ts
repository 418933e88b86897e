import type { KeyPlace } from '../access/access.queries.js';
import { Refusal } from '../errors.js';

/** Places in the lists of members and keys; each is told apart by its prefix, from the other and from those of the log. */
export function encodeMemberCursor(name: string): string {
  return Buffer.from(`member:${name}`).toString('base64url');
}

/** The name of the last one seen. */
export function decodeMemberCursor(cursor: string): string {
  const [, name] = /^member:([^\0]{1,200})$/su.exec(textOf(cursor)) ?? [];
  if (name === undefined) throw refused();
  return name;
}

export function encodeKeyCursor({ micros, id }: KeyPlace): string {
  return Buffer.from(`key:${micros}:${id}`).toString('base64url');
}

export function decodeKeyCursor(cursor: string): KeyPlace {
  const [, micros, id] = /^key:(\d{1,17}):([0-9A-Za-z]{1,64})$/.exec(textOf(cursor)) ?? [];
  if (micros === undefined || id === undefined) throw refused();
  return { micros, id };
}

function textOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString();
}

function refused(): Refusal {
  return new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
}
