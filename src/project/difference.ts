import { canonical } from './canonical.js';

type Values = Readonly<Record<string, unknown>>;

const LONGEST_SHOWN = 200;

/** Whether two values are the same JSON, whatever the order of their keys. */
export function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

/** What changes from `before` to `after`, a line for each property: `leaseSeconds: 600 → 900`. */
export function differences(before: Values, after: Values, prefix = ''): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !isSame(before[key] ?? null, after[key] ?? null))
    .map((key) => `${prefix}${key}: ${fromTo(before[key], after[key])}`);
}

/** The same for a list whose entries have names: what was added, removed, moved or changed in itself. */
export function listDifferences(
  before: readonly (Values & { name: string })[],
  after: readonly (Values & { name: string })[],
  noun: string,
): string[] {
  const earlier = new Map(before.map((entry) => [entry.name, entry]));
  const later = new Map(after.map((entry) => [entry.name, entry]));
  const lines: string[] = [];
  for (const entry of after) {
    const old = earlier.get(entry.name);
    if (old) lines.push(...differences(old, entry, `${noun} ${entry.name}: `));
    else lines.push(`${noun} ${entry.name}: added; ${show(withoutName(entry))}`);
  }
  for (const entry of before) if (!later.has(entry.name)) lines.push(`${noun} ${entry.name}: removed`);
  const kept = (list: readonly { name: string }[]) =>
    list.map(({ name }) => name).filter((name) => earlier.has(name) && later.has(name));
  if (!isSame(kept(before), kept(after))) lines.push(`order of ${noun}s: ${after.map(({ name }) => name).join(', ')}`);
  return lines;
}

function withoutName(entry: Values): Values {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'name'));
}

function fromTo(before: unknown, after: unknown): string {
  if (before === undefined) return show(after);
  const [from, to] = [show(before), show(after)];
  return from.endsWith('…') || to.endsWith('…') ? `changed to ${to}` : `${from} → ${to}`;
}

/** On one line; a mapping as its properties, without the quotes that a condition in JSON would be full of. */
function show(value: unknown): string {
  const line = words(value).replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line || '""';
}

function words(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(([key, entry]) => `${key}: ${typeof entry === 'object' ? JSON.stringify(entry) : String(entry)}`)
    .join(', ');
}
