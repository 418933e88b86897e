import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

import type { Request } from 'express';

/** How an answer is compressed; fast rather than small, because it is made while it is sent. */
export interface Encoding {
  readonly name: 'zstd' | 'gzip';
  create(): Transform;
}

/** Zstandard came with Node 22.15 and 23.8, and is unknown to the types of the oldest Node that we run on. */
interface MaybeZstd {
  readonly createZstdCompress?: (options: {
    readonly params: Readonly<Record<number, number>>;
    readonly chunkSize: number;
  }) => Transform;
}
const { createZstdCompress } = zlib as object as MaybeZstd;
/** ZSTD_c_compressionLevel of zstd's own interface. */
const LEVEL = 100;

/** Of compressed bytes: each costs a turn of the event loop, during which the compressor waits. */
const chunkSize = 128 * 1024;
const gzip: Encoding = {
  name: 'gzip',
  create: () => zlib.createGzip({ level: zlib.constants.Z_BEST_SPEED, chunkSize }),
};
const zstd: Encoding | null = createZstdCompress
  ? { name: 'zstd', create: () => createZstdCompress({ params: { [LEVEL]: 1 }, chunkSize }) }
  : null;

/** The best that the client takes and this Node has; null for as it is. */
export function encodingFor(request: Request): Encoding | null {
  const takes = (encoding: Encoding) => request.acceptsEncodings(encoding.name) === encoding.name;
  return [zstd, gzip].find((encoding) => encoding !== null && takes(encoding)) ?? null;
}

/**
 * The tag of a file in one encoding. The same state in the same version of the format is the same bytes for ever, so as
 * it is the tag is strong; compressed it is weak, because another Node may compress in another way.
 */
export function etagOf(state: string, encoding: Encoding | null): string {
  return encoding ? `W/"${state}"` : `"${state}"`;
}

/** Whether one of the tags in If-None-Match is of the same file, compressed or not. */
export function isKnown(header: string | undefined, tag: string): boolean {
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return (header ?? '').split(',').some((candidate) => candidate.trim() === '*' || opaque(candidate) === opaque(tag));
}
