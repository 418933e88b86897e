/**
 * Whole numbers from 0 to below `end`, the same sequence for the same seed on every machine: xorshift32 (G. Marsaglia,
 * Xorshift RNGs, Journal of Statistical Software 8, 2003) behind a multiplicative mix, as its low bits are weak. For
 * resampling; nothing secret may depend on it.
 */
export function randomBelow(seed: number): (end: number) => number {
  let state = seed | 0 || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((Math.imul(state, 0x9e3779bb) >>> 0) / 0x1_0000_0000) * end);
  };
}
