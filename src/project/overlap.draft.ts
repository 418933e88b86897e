import type { Fault, Path } from './fault.js';
import type { Shape } from './shape.js';

/** How many people answer an item of a queue, how far they have to agree, and how they are tested. */
export interface OverlapSetup {
  /** Reviews that an item may come to while they agree too little; null for no further ones. */
  readonly reviewsMax: number | null;
  /** 0 to 1; see review/overlap.ts. */
  readonly agreementBar: number;
  /** Of a reviewer's claims, the share that gets an item whose answer is known: 0 to 0.5. */
  readonly goldRate: number;
  /** 0 to 1: whoever is right less often is paused. */
  readonly goldBar: number;
  /** From so many known answers on. */
  readonly goldMinimum: number;
}

export const newOverlap: OverlapSetup = {
  reviewsMax: null,
  agreementBar: 0.5,
  goldRate: 0,
  goldBar: 0,
  goldMinimum: 10,
};

export type OverlapDraft = { [Name in keyof OverlapSetup]: OverlapSetup[Name] | undefined };

export function readOverlap(shape: Shape): OverlapDraft {
  return {
    reviewsMax:
      shape.get('reviewsMax') === null ? null : shape.integer('reviewsMax', { min: 1, max: 9, unit: 'reviews' }),
    agreementBar: shape.number('agreementBar', { min: 0, max: 1 }),
    goldRate: shape.number('goldRate', { min: 0, max: 0.5 }),
    goldBar: shape.number('goldBar', { min: 0, max: 1 }),
    goldMinimum: shape.integer('goldMinimum', { min: 1, max: 1_000, unit: 'answers' }),
  };
}

/** What can be told only of the queue as it is to be: whether the two numbers of reviews go together. */
export function checkOverlap(
  setup: { readonly reviewsRequired: number; readonly reviewsMax: number | null },
  path: Path,
  faults: Fault[],
): boolean {
  const { reviewsRequired, reviewsMax } = setup;
  if (reviewsMax === null || reviewsMax >= reviewsRequired) return true;
  const message = `must be at least reviewsRequired, which is ${reviewsRequired}; it is ${reviewsMax}. Null is for no further reviews`;
  faults.push({ path: [...path, 'reviewsMax'], message });
  return false;
}
