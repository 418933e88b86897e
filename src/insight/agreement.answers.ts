import { Refusal } from '../errors.js';
import { canonical } from '../project/canonical.js';
import type { RubricField } from '../project/rubric.js';
import type { Scale } from './agreement/krippendorff.js';
import type { Value } from './agreement/ratings.js';

/** How the answers to one question are compared. */
export interface Comparison {
  readonly scale: Scale;
  /** Null: no answer. */
  readonly toValue: (answer: unknown) => Value | null;
}

const asLabel = (answer: unknown): Value | null => (answer == null ? null : String(answer));
const asNumber = (answer: unknown): Value | null => (typeof answer === 'number' ? answer : null);
/** A choice of several is one answer, in whatever order it was made. */
const asSet = (answer: unknown): Value | null => (Array.isArray(answer) ? canonical([...answer].sort()) : null);
/** So is a ranking, and its order is what it says: two that differ anywhere differ. */
const asOrder = (answer: unknown): Value | null => (Array.isArray(answer) ? canonical(answer) : null);

/**
 * How answers to `field` are compared, those to the verdict if it is null. INVALID_INPUT for texts and stretches, of which it
 * cannot be said how far they agree, and for a scale that the answers do not have.
 */
export function comparisonOf(field: RubricField | null, wanted: Scale | null): Comparison {
  const type = field?.type ?? 'CHOICE';
  switch (type) {
    case 'NUMBER':
    case 'SCALE':
      return { scale: wanted ?? (type === 'NUMBER' ? 'INTERVAL' : 'ORDINAL'), toValue: asNumber };
    case 'BOOLEAN':
    case 'CHOICE':
    case 'CHOICES':
    case 'RANKING':
      if (wanted !== null && wanted !== 'NOMINAL') {
        throw new Refusal(
          'INVALID_INPUT',
          `${field ? `Answers to "${field.name}" are` : 'Verdicts are'} not numbers: only the scale NOMINAL fits.`,
        );
      }
      return { scale: 'NOMINAL', toValue: type === 'CHOICES' ? asSet : type === 'RANKING' ? asOrder : asLabel };
    case 'TEXT':
    case 'SPANS':
      throw new Refusal(
        'INVALID_INPUT',
        `"${field!.name}" is of the type ${type}; agreement is measured of BOOLEAN, CHOICE, CHOICES, NUMBER, SCALE and RANKING.`,
      );
  }
}
