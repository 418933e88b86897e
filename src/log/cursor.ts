import { createHash } from 'node:crypto';

import { Refusal } from '../errors.js';

// 'L' for a place in the log, version 1, project (4 bytes), seq (8 bytes), the first 4 bytes of their SHA-256.
const KIND = 0x4c;
const VERSION = 1;
const BODY_BYTES = 14;
const CHECK_BYTES = 4;

/** A place in a project's log as clients see it: opaque, and good for this project only. */
export function encodeCursor(projectId: number, seq: number): string {
  const bytes = Buffer.alloc(BODY_BYTES + CHECK_BYTES);
  bytes.writeUInt8(KIND, 0);
  bytes.writeUInt8(VERSION, 1);
  bytes.writeUInt32BE(projectId, 2);
  bytes.writeBigUInt64BE(BigInt(seq), 6);
  checkOf(bytes).copy(bytes, BODY_BYTES);
  return bytes.toString('base64url');
}

/** The seq of a cursor that `encodeCursor` made for the same project; anything else is refused. */
export function decodeCursor(projectId: number, cursor: string): number {
  const bytes = Buffer.from(cursor, 'base64url');
  if (
    bytes.length !== BODY_BYTES + CHECK_BYTES ||
    // Node skips characters that are not base64url; only the exact text is the cursor.
    bytes.toString('base64url') !== cursor ||
    bytes.readUInt8(0) !== KIND ||
    bytes.readUInt8(1) !== VERSION ||
    !checkOf(bytes).equals(bytes.subarray(BODY_BYTES))
  ) {
    throw new Refusal('INVALID_INPUT', 'Not a cursor of the log; pass one back exactly as an event carried it.');
  }
  if (bytes.readUInt32BE(2) !== projectId) {
    throw new Refusal('INVALID_INPUT', 'This cursor belongs to the log of another project.');
  }
  const seq = bytes.readBigUInt64BE(6);
  if (seq > BigInt(Number.MAX_SAFE_INTEGER)) throw new Refusal('INVALID_INPUT', 'This cursor is out of range.');
  return Number(seq);
}

function checkOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, BODY_BYTES)).digest().subarray(0, CHECK_BYTES);
}
