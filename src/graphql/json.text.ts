import {
  findUnkeepableButNumbers,
  isRoundedWhole,
  type JsonPath,
  numberTextProblem,
  type Unkeepable,
} from './json.exactness.js';
import { limits } from './limits.js';

/**
 * What JSON.parse hides: doubled keys (the last wins) and digits beyond a double (rounded).
 *
 * A request may be 16 MiB, and nearly all of them are fine, so the text is first only skimmed: strings are jumped over
 * at the speed of indexOf, numbers of up to 15 digits need no look, and a doubled key shows as more colons than the
 * parsed value has keys. Only a text that failed is walked again to name the places.
 *
 * Known limit: it is all one turn of the event loop: about as long as JSON.parse takes for prose, up to three times that
 * for millions of keys or numbers (0.2 to 0.5 s for 16 MiB, which only holders of a key may send).
 */
export function findUnkeepableInText(text: string, parsed: unknown): Unkeepable[] {
  const skimmed = skim(text);
  const problems = findInRows(parsed);
  const isLossy = skimmed.hasLossyNumber || skimmed.keys !== countKeys(parsed);
  return isLossy ? [...problems, ...new Walk(text).run()] : problems;
}

/** The first place of the whole that parsing does not hide, numbers left out; of lists among its variables, of each row. */
function findInRows(parsed: unknown): Unkeepable[] {
  if (!isObject(parsed) || !('variables' in parsed) || !isObject(parsed.variables)) {
    return present([findUnkeepableButNumbers(parsed)]);
  }
  const { variables } = parsed;
  const lists = Object.entries(variables).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const others = Object.fromEntries(Object.entries(variables).map(([name, it]) => [name, Array.isArray(it) ? 0 : it]));
  return present([
    findUnkeepableButNumbers({ ...parsed, variables: others }),
    ...lists.flatMap(([name, rows]) => rows.map((row, i) => findUnkeepableButNumbers(row, ['variables', name, i]))),
  ]);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const present = (found: readonly (Unkeepable | null)[]): Unkeepable[] => found.filter((it) => it !== null);

const QUOTE = 34;
const COLON = 58;
const MINUS = 45;
const BACKSLASH = 92;
/** Any decimal of so many digits is printed by a double as it was written. */
const SAFE_DIGITS = 15;

/** Valid JSON only. */
function skim(text: string): { keys: number; hasLossyNumber: boolean } {
  const seen = { keys: 0, hasLossyNumber: false };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === COLON) seen.keys++;
    else if (code === MINUS || isDigit(code)) {
      const end = numberEnd(text, at);
      if (!isPlainNumber(text, at, end) && numberTextProblem(text.slice(at, end)) !== null) seen.hasLossyNumber = true;
      at = end - 1;
    }
  }
  return seen;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Where the closing quote stands. */
function stringEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function numberEnd(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // digits . + - e E
    if (!isDigit(code) && code !== 46 && code !== 43 && code !== MINUS && code !== 101 && code !== 69) break;
  }
  return at;
}

/** Few digits, no exponent, not minus zero: nothing can be lost. */
function isPlainNumber(text: string, start: number, end: number): boolean {
  if (end - start > SAFE_DIGITS) return false;
  let hasValue = text.charCodeAt(start) !== MINUS;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 101 || code === 69) return false;
    if (code > 48) hasValue = true;
  }
  return hasValue;
}

function countKeys(parsed: unknown): number {
  let keys = 0;
  const open: unknown[] = [parsed];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const elements: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) keys += elements.length;
    for (const element of elements) if (typeof element === 'object' && element !== null) open.push(element);
  }
  return keys;
}

/** A lossy number may stand where a Float is meant, so the rest is looked at too; but not for ever. */
const MOST_FOUND = 10_000;

/** The slow way, with paths. Only for valid JSON; what is nested too deep is jumped over. */
class Walk {
  private at = 0;
  private readonly found: Unkeepable[] = [];

  constructor(private readonly text: string) {}

  run(): Unkeepable[] {
    this.value([]);
    return this.found;
  }

  private value(path: (string | number)[]): void {
    this.space();
    const code = this.text.charCodeAt(this.at);
    if ((code === 123 || code === 91) && path.length > limits.jsonDepth) this.skipContainer();
    else if (code === 123) this.members(path);
    else if (code === 91) this.elements(path);
    else if (code === QUOTE) this.at = stringEnd(this.text, this.at) + 1;
    else if (code === MINUS || isDigit(code)) this.number(path);
    else while (/[a-z]/.test(this.text.charAt(this.at))) this.at++;
    this.space();
  }

  private skipContainer(): void {
    let depth = 0;
    do {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) this.at = stringEnd(this.text, this.at);
      else if (code === 123 || code === 91) depth++;
      else if (code === 125 || code === 93) depth--;
      this.at++;
    } while (depth > 0);
  }

  private members(path: (string | number)[]): void {
    const keys = new Set<string>();
    this.at++;
    for (this.space(); this.text[this.at] !== '}' && !this.isDone; this.at += this.text[this.at] === ',' ? 1 : 0) {
      this.space();
      const end = stringEnd(this.text, this.at) + 1;
      const key = JSON.parse(this.text.slice(this.at, end)) as string;
      if (keys.has(key)) this.report([...path, key], 'a key that stands twice in one object', false);
      keys.add(key);
      this.at = end;
      this.space();
      this.at++; // the colon
      path.push(key);
      this.value(path);
      path.pop();
    }
    this.at++;
  }

  private elements(path: (string | number)[]): void {
    this.at++;
    this.space();
    for (let index = 0; this.text[this.at] !== ']' && !this.isDone; index++) {
      path.push(index);
      this.value(path);
      path.pop();
      if (this.text[this.at] === ',') this.at++;
    }
    this.at++;
  }

  private number(path: JsonPath): void {
    const end = numberEnd(this.text, this.at);
    const text = this.text.slice(this.at, end);
    const reason = numberTextProblem(text);
    if (reason) this.report([...path], reason, true, isRoundedWhole(text));
    this.at = end;
  }

  private report(path: JsonPath, reason: string, isNumber: boolean, isWhole = false): void {
    const isLast = this.found.length === MOST_FOUND - 1;
    this.found.push({
      path,
      reason: isLast ? `${reason}, and ${MOST_FOUND} places in all` : reason,
      isNumber: isNumber && !isLast,
      isWhole,
      isLast,
    });
  }

  private get isDone(): boolean {
    return this.found.length >= MOST_FOUND;
  }

  private space(): void {
    for (let code = this.text.charCodeAt(this.at); code === 32 || (code >= 9 && code <= 13);) {
      code = this.text.charCodeAt(++this.at);
    }
  }
}
