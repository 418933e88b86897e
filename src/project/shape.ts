import type { Fault, Path } from './fault.js';

interface TextRule {
  readonly required?: boolean;
  readonly max: number;
  /** Several lines are allowed. */
  readonly lines?: boolean;
}

interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
}

/** NUL and lone surrogates, which a database cannot keep. */
// oxlint-disable-next-line no-control-regex
const UNKEEPABLE = /\u0000|\p{Cs}/u;
const CONTROL = /\p{Cc}/u;
/** Keys stand in URLs, commands and conditions. The same form is a CHECK in the database. */
const KEY = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Reads an object of unknown shape, property by property, and gathers every fault with its path instead of stopping at
 * the first. A reader returns undefined for what is absent and for what is wrong; the faults tell the two apart.
 */
export class Shape {
  private constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    readonly path: Path,
    private readonly faults: Fault[],
  ) {}

  /** Null, and a fault, when `value` is no object; a fault for each property that is not in `known`. */
  static read(value: unknown, path: Path, faults: Fault[], known: readonly string[]): Shape | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      faults.push({ path, message: `must be a mapping with ${known.join(', ')}; it is ${nameOf(value)}` });
      return null;
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) {
        faults.push({ path: [...path, key], message: `is not known here; allowed are ${known.join(', ')}` });
      }
    }
    return new Shape(value as Record<string, unknown>, path, faults);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get(key: string): unknown {
    return Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  fault(key: string, message: string): undefined {
    this.faults.push({ path: [...this.path, key], message });
    return undefined;
  }

  text(key: string, rule: TextRule): string | undefined {
    const value = this.get(key);
    if (value === undefined) return rule.required ? this.fault(key, 'is required') : undefined;
    if (typeof value !== 'string') return this.fault(key, `must be text; it is ${nameOf(value)}`);
    if (rule.required && value.trim() === '') return this.fault(key, 'must not be empty');
    if (value.length > rule.max) return this.fault(key, `has ${value.length} characters; at most ${rule.max} are kept`);
    if (UNKEEPABLE.test(value) || (!rule.lines && CONTROL.test(value))) {
      return this.fault(key, 'holds a control character or half of a surrogate pair');
    }
    return value;
  }

  key(key: string, required: boolean): string | undefined {
    const value = this.text(key, { required, max: 200 });
    if (value === undefined || KEY.test(value)) return value;
    return this.fault(key, `"${value}" must be 1 to 63 of a-z, 0-9 and "-", and not begin with "-"`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.fault(key, `must be true or false; it is ${nameOf(value)}`);
  }

  number(key: string, rule: NumberRule): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.fault(key, `must be a number; it is ${nameOf(value)}`);
    }
    if (value >= rule.min && value <= rule.max) return value;
    return this.fault(key, `must be ${rule.min} to ${rule.max}${rule.unit ? ` ${rule.unit}` : ''}; it is ${value}`);
  }

  integer(key: string, rule: NumberRule): number | undefined {
    const value = this.number(key, rule);
    if (value === undefined || Number.isInteger(value)) return value;
    return this.fault(key, `must be a whole number; it is ${value}`);
  }

  choice<T extends string>(key: string, allowed: readonly T[], required: boolean): T | undefined {
    const value = this.get(key);
    if (value === undefined) return required ? this.fault(key, `is required: ${allowed.join(', ')}`) : undefined;
    if (allowed.includes(value as T)) return value as T;
    return this.fault(key, `must be one of ${allowed.join(', ')}; it is ${nameOf(value)}`);
  }

  /** The entries of a list, each with its path; empty when absent or wrong. */
  list(key: string, max: number): { value: unknown; path: Path }[] {
    const value = this.get(key);
    return value === undefined ? [] : readList(value, [...this.path, key], this.faults, max);
  }
}

export function readList(value: unknown, path: Path, faults: Fault[], max: number): { value: unknown; path: Path }[] {
  if (!Array.isArray(value)) faults.push({ path, message: `must be a list; it is ${nameOf(value)}` });
  else if (value.length > max)
    faults.push({ path, message: `has ${value.length} entries; at most ${max} are allowed` });
  else return value.map((entry: unknown, i) => ({ value: entry, path: [...path, i] }));
  return [];
}

/** Names a value for whoever wrote it, without repeating much of it. */
export function nameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return value.length > 60 ? 'text' : `the text ${JSON.stringify(value)}`;
  return String(value);
}
