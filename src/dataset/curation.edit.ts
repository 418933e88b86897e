import { Refusal } from '../errors.js';
import type { Json } from './content.js';
import type { AssertionInput, EditCaseInput } from './curation.input.js';
import { AssertionKind } from './curation.kinds.js';
import { assertionKinds, type Assertion } from './eval-case.record.js';

const MOST_TAGS = 50;
const LONGEST_TAG = 100;
const MOST_ENTRIES = 20;
const LONGEST_CHECK = 10_000;

/** What an edit says; null where it says nothing, an empty list where it takes back what was said. */
export interface CaseEdit {
  readonly tags: readonly string[] | null;
  readonly assertions: readonly Assertion[] | null;
  readonly alternatives: readonly Json[] | null;
}

/** Refuses what is no edit, and names the place. */
export function readEdit(input: EditCaseInput, hasExpected: boolean): CaseEdit {
  const { tags = null, assertions = null, alternatives = null } = input;
  if (!tags && !assertions && !alternatives) refuse('Say what to change: tags, assertions or alternatives.');
  checkSize('tags', tags, MOST_TAGS);
  checkSize('assertions', assertions, MOST_ENTRIES);
  checkSize('alternatives', alternatives, MOST_ENTRIES);
  tags?.forEach((tag, i) => {
    if (tag === '' || tag.length > LONGEST_TAG) refuse(`tags[${i}] must have 1 to ${LONGEST_TAG} characters.`);
  });
  if (alternatives?.length && !hasExpected) {
    refuse('alternatives: nobody said what the output should have been, so there is nothing to be an alternative to.');
  }
  return {
    tags: tags && [...new Set(tags)],
    assertions:
      assertions && assertions.map((assertion, i) => readAssertion(assertion, `assertions[${i}]`, hasExpected)),
    alternatives: alternatives as Json[] | null,
  };
}

function readAssertion(input: AssertionInput, place: string, hasExpected: boolean): Assertion {
  const { kind, value, threshold, weight } = input;
  checkValue(kind, value, place, hasExpected);
  if (typeof threshold === 'number' && !(threshold >= 0 && threshold <= 1))
    refuse(`${place}.threshold must be 0 to 1.`);
  if (typeof weight === 'number' && !(weight > 0 && weight <= 1_000)) {
    refuse(`${place}.weight must be more than 0 and up to 1000.`);
  }
  return {
    kind: assertionKinds.find((known) => known.toUpperCase() === kind) ?? refuse(`${place}.kind is not known.`),
    ...(value !== undefined && { value: value as Json }),
    ...(typeof threshold === 'number' && { threshold }),
    ...(typeof weight === 'number' && { weight }),
  };
}

function checkValue(kind: AssertionKind, value: unknown, place: string, hasExpected: boolean): void {
  if (kind === AssertionKind.EXACT || kind === AssertionKind.JSON_EQUAL) {
    if (value === undefined && !hasExpected) refuse(`${place}.value is needed: the case has no expected output.`);
    if (value !== undefined && kind === AssertionKind.EXACT && typeof value !== 'string') {
      refuse(`${place}.value must be text; compare anything else by JSON_EQUAL.`);
    }
    return;
  }
  if (kind === AssertionKind.CHOICE) {
    const isList = Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');
    if (!isList) refuse(`${place}.value must be a list of texts, at least one.`);
    return;
  }
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_CHECK) {
    refuse(`${place}.value must be a text of 1 to ${LONGEST_CHECK} characters.`);
  }
  if (kind === AssertionKind.REGEX && !isRegex(value)) refuse(`${place}.value is no regular expression.`);
}

/** As JavaScript reads it. It is never run here. */
function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function checkSize(name: string, list: readonly unknown[] | null, most: number): void {
  if (list && list.length > most) refuse(`${name} has ${list.length} entries; at most ${most} are allowed.`);
}

function refuse(message: string): never {
  throw new Refusal('INVALID_INPUT', message);
}
