import { createHash } from 'node:crypto';

/**
 * The hash chain of the log, as a public format (docs/log-format.md): whoever has the rows can check them.
 *
 *     hash(n) = SHA-256( hash(n - 1) || bytes(n) )        hash(0) = 32 zero bytes
 *     bytes(n) = the fields below in this order, each as `<length in bytes, decimal>:<UTF-8 bytes>,`, or `~` for null
 *
 * The length in front makes the encoding unambiguous: no two different events have the same bytes.
 */
export interface ChainedEvent {
  readonly projectId: number;
  readonly seq: number;
  readonly kind: string;
  readonly actor: string;
  /** UUIDs in lower case with hyphens. */
  readonly itemId: string | null;
  readonly queueId: string | null;
  /** The JSON text exactly as it is stored: no re-serialising, so no doubt about numbers, order or escapes. */
  readonly data: string;
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly atMicros: string;
}

export const FORMAT = 'countersign-event-1';
export const GENESIS = Buffer.alloc(32);

export function chainBytes(event: ChainedEvent): Buffer {
  const fields = [
    FORMAT,
    String(event.projectId),
    String(event.seq),
    event.kind,
    event.actor,
    event.itemId,
    event.queueId,
    event.data,
    event.atMicros,
  ];
  return Buffer.from(fields.map((field) => (field === null ? '~' : `${Buffer.byteLength(field)}:${field},`)).join(''));
}

export function chainHash(previous: Buffer, event: ChainedEvent): Buffer {
  return createHash('sha256').update(previous).update(chainBytes(event)).digest();
}
