import { createHash } from 'node:crypto';

export type Split = 'train' | 'validation' | 'test';

/** Whole percentages that add up to 100. */
export interface SplitPercents {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * The split of a group: the first 32 bits of SHA-256(salt, 0x00, group key), read as a fraction of one, fall into
 * train, then validation, then test. It depends on nothing else, so the cases of one group are never parted and adding
 * cases moves none.
 */
export function splitOf(salt: string, groupKey: string, percents: SplitPercents): Split {
  const digest = createHash('sha256').update(salt).update('\0').update(groupKey).digest();
  const point = digest.readUInt32BE(0) * 100;
  const whole = 2 ** 32;
  if (point < percents.train * whole) return 'train';
  return point < (percents.train + percents.validation) * whole ? 'validation' : 'test';
}
