import { limits } from './limits.js';

export type JsonPath = readonly (string | number)[];

/** A place in a JSON value that would not come back as it was sent. */
export interface Unkeepable {
  readonly path: JsonPath;
  readonly reason: string;
  /** A number that only a Float may hold, rounded; in JSON it is refused. */
  readonly isNumber: boolean;
  /** Of numbers: whole ones in digits, which even a Float may not hold when they are rounded. */
  readonly isWhole?: boolean;
  /** What comes behind it was not looked at any more. */
  readonly isLast?: boolean;
}

/** What an object with a forged prototype would do to code that copies it is not worth the name. */
const FORBIDDEN_KEY = '__proto__';

/**
 * The first place of a parsed value that would not survive being stored and printed again; null when all is well.
 * Sees everything but what parsing has already lost: doubled keys and the digits beyond a double (json.text.ts).
 */
export function findUnkeepable(value: unknown, at: JsonPath = []): Unkeepable | null {
  if (typeof value !== 'number') return findIn(value, at, findUnkeepable);
  return isKeptNumber(value) ? null : { path: at, reason: numberReason(value), isNumber: true };
}

/** As `findUnkeepable`, numbers left out. */
export function findUnkeepableButNumbers(value: unknown, at: JsonPath = []): Unkeepable | null {
  return typeof value === 'number' ? null : findIn(value, at, findUnkeepableButNumbers);
}

type Find = (value: unknown, at: JsonPath) => Unkeepable | null;

function findIn(value: unknown, at: JsonPath, find: Find): Unkeepable | null {
  if (typeof value === 'string') return textProblem(value, at);
  if (typeof value === 'boolean' || value === null) return null;
  if (typeof value === 'object') return findInContainer(value, at, find);
  return { path: at, reason: `a ${typeof value} is not JSON`, isNumber: false };
}

function findInContainer(value: object, at: JsonPath, find: Find): Unkeepable | null {
  if (at.length >= limits.jsonDepth) {
    return { path: at, reason: `nested deeper than ${limits.jsonDepth} levels`, isNumber: false };
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const element: unknown = value[index];
      if (isPlainlyFine(element)) continue;
      const found = find(element, [...at, index]);
      if (found) return found;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    if (key === FORBIDDEN_KEY) return { path: [...at, key], reason: 'a key named __proto__', isNumber: false };
    const badKey = textProblem(key, at);
    if (badKey) return { ...badKey, path: [...at, key] };
    const element = (value as Record<string, unknown>)[key];
    if (isPlainlyFine(element)) continue;
    const found = find(element, [...at, key]);
    if (found) return found;
  }
  return null;
}

/** Spares the path of every string and number that has nothing wrong with it. */
function isPlainlyFine(value: unknown): boolean {
  return typeof value === 'string' ? isKeptText(value) : typeof value === 'number' ? isKeptNumber(value) : false;
}

function textProblem(text: string, at: JsonPath): Unkeepable | null {
  if (isKeptText(text)) return null;
  const reason = text.includes('\0') ? 'the character U+0000' : 'half of a surrogate pair';
  return { path: at, reason, isNumber: false };
}

/** ES2024, in Node since 20; TypeScript's ES2023 library does not know it yet. */
interface WellFormed {
  isWellFormed(): boolean;
}

export function isKeptText(text: string): boolean {
  return !text.includes('\0') && (text as unknown as WellFormed).isWellFormed();
}

function isKeptNumber(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) && !Object.is(value, -0) : Number.isFinite(value);
}

function numberReason(value: number): string {
  if (Object.is(value, -0)) return 'minus zero, which prints as 0';
  return Number.isFinite(value) ? 'an integer beyond 2^53-1' : 'a number too large for a double';
}

/** Whole, in digits only, and too large for a double to tell from the next: an id, not a measure. */
export function isRoundedWhole(text: string): boolean {
  return /^-?\d+$/.test(text) && Number.isInteger(Number(text)) && !Number.isSafeInteger(Number(text));
}

/** Why the number that this text spells would not be printed as the same number; null when it would. */
export function numberTextProblem(text: string): string | null {
  const value = Number(text);
  if (!isKeptNumber(value)) return numberReason(value);
  const printed = String(value);
  return printed === text || decimal(text) === decimal(printed)
    ? null
    : 'a number with more digits than a double keeps';
}

/** One spelling for every spelling of the same decimal number: its digits and the power of ten of the last one. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Steps at the beginning and at the end of a path that are named; a hundred more tell nobody anything. */
const FIRST_STEPS = 12;
const LAST_STEPS = 6;

/** `variables.input.output.scores[3]` */
export function pathText(path: JsonPath): string {
  if (path.length > FIRST_STEPS + LAST_STEPS) {
    return `${stepsText(path.slice(0, FIRST_STEPS))} … ${stepsText(path.slice(-LAST_STEPS))}`;
  }
  return stepsText(path);
}

function stepsText(path: JsonPath): string {
  const text = path
    .map((step) =>
      typeof step === 'number' ? `[${step}]` : /^[\w-]{1,100}$/.test(step) ? `.${step}` : `[${short(step)}]`,
    )
    .join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

function short(key: string): string {
  return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
}
