/** The kinds of questions that a rubric can ask, and the answer that each takes. */
export const fieldTypes = {
  BOOLEAN: 'true or false',
  CHOICE: 'one of the options',
  CHOICES: 'a list of some of the options, or of none',
  NUMBER: 'a number',
  SCALE: 'one of the numbers from min to max, step by step',
  TEXT: 'text',
  SPANS: 'a list of {start, end, label}: stretches of the output',
  RANKING: 'a list of the options, the best first',
} as const;

export type FieldType = keyof typeof fieldTypes;

/** One question, as it is stored: with label and `required` filled in, so that equal rubrics are equal. */
export interface RubricField {
  /** What labels are filed under, in reviews and in eval cases. */
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  /** What a reviewer should know to answer. */
  readonly guidance?: string;
  /** Of a field that is not always asked: only where it is. */
  readonly required: boolean;
  /** The field is asked where all of these hold; always if absent. */
  readonly shownIf?: readonly Condition[];
  /** CHOICE, CHOICES and RANKING: what there is to choose from. SPANS: the labels that a stretch can have. */
  readonly options?: readonly RubricOption[];
  /** BOOLEAN and SCALE: what single answers mean. */
  readonly values?: readonly ValueNote[];
  /** NUMBER: inclusive bounds. SCALE: its ends. */
  readonly min?: number;
  readonly max?: number;
  /** Answers are min (or 0) plus a multiple of it. */
  readonly step?: number;
  /** TEXT: in UTF-16 code units. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** RANKING: only so many of the options are ranked; all if absent. */
  readonly top?: number;
  /** SPANS: a JSON pointer to the text in the output; absent where the output itself is the text. */
  readonly target?: string;
  readonly minSpans?: number;
  readonly maxSpans?: number;
  /** SPANS: whether two stretches may share a character. */
  readonly overlap?: boolean;
}

export interface RubricOption {
  readonly value: string;
  readonly label: string;
  readonly guidance?: string;
}

export interface ValueNote {
  readonly value: boolean | number;
  readonly label?: string;
  readonly guidance?: string;
}

export type Scalar = string | number | boolean;

/**
 * Either on another field: its answer is one of `in`; of CHOICES, one of `in` is chosen; of SPANS, a stretch has one of
 * these labels. Or on the verdict.
 */
export type Condition =
  { readonly field: string; readonly in: readonly Scalar[] } | { readonly verdict: readonly string[] };

export const verdicts = ['CONFIRMED', 'CORRECTED', 'REJECTED'] as const;

/** The points of a SCALE, ascending. */
export function scalePoints({ min = 1, max = 5, step = 1 }: Pick<RubricField, 'min' | 'max' | 'step'>): number[] {
  const count = Math.round((max - min) / step) + 1;
  // 1 + 2 * 0.1 is not quite 1.2.
  return Array.from({ length: count }, (_, i) => Number((min + i * step).toPrecision(12)));
}
