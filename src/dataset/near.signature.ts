import { createHash } from 'node:crypto';

const COMPONENTS = 128;
const BANDS = 24;
const ROWS = 5;

/** From here on two inputs are called near-identical: hundredths of the features of both that they share. */
export const NEAR_PERCENT = 70;

/** A set of features in 128 bytes, and the buckets in which the like of it are found. */
export interface Signature {
  readonly bytes: Buffer;
  /** 64-bit numbers as text; of this dataset only. */
  readonly bands: readonly string[];
}

/**
 * MinHash: for each of 128 orders of all features the first one of the set. Two sets have the same first one with the
 * probability of their Jaccard similarity (A. Broder, "On the resemblance and containment of documents", 1997), so the
 * share of equal components estimates it, to about 0.04. One byte of each is kept (P. Li, A. C. König, "b-bit minwise
 * hashing", 2010). Those with five equal components in a row of 24 share a bucket: of pairs at 0.7 all but 1 in 80 do, at
 * 0.4 one in 5, at 0.2 one in 130 (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3).
 *
 * Null for a set without features, which is like nothing. The constants are part of what is stored: they never change.
 */
export function signatureOf(features: ReadonlySet<string>, datasetId: string): Signature | null {
  if (features.size === 0) return null;
  const first = new Uint32Array(COMPONENTS).fill(0xffff_ffff);
  for (const feature of features) {
    const hash = hashOf(feature);
    for (let i = 0; i < COMPONENTS; i += 1) {
      const place = (Math.imul(FACTORS[i]!, hash) + ADDENDS[i]!) >>> 0;
      if (place < first[i]!) first[i] = place;
    }
  }
  const bands = Array.from({ length: BANDS }, (_, band) => {
    const rows = first.subarray(band * ROWS, (band + 1) * ROWS).join(' ');
    return createHash('sha256').update(`${datasetId} ${band} ${rows}`).digest().readBigInt64BE(0).toString();
  });
  return { bytes: Buffer.from(first.map((place) => mix(place) & 0xff)), bands };
}

/** The estimated similarity in hundredths, 0 to 100. */
export function similarity(a: Uint8Array, b: Uint8Array): number {
  let equal = 0;
  for (let i = 0; i < COMPONENTS; i += 1) if (a[i] === b[i]) equal += 1;
  // One byte is equal by chance once in 256.
  const share = (equal / COMPONENTS - 1 / 256) / (1 - 1 / 256);
  return Math.max(0, Math.round(100 * share));
}

/** FNV-1a over UTF-16, mixed. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return mix(hash);
}

/** The finaliser of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Odd, so that each is a permutation of the 32-bit numbers. */
const FACTORS = Uint32Array.from({ length: COMPONENTS }, (_, i) => mix(2 * i + 1) | 1);
const ADDENDS = Uint32Array.from({ length: COMPONENTS }, (_, i) => mix(2 * i + 2));
