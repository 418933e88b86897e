/**
 * The one place where what the service refuses becomes what people read. The service speaks to programs: it names the
 * path of an input ("input.filter.risk[0]"), and GraphQL names variables and types. Here paths become the words of the
 * forms, and what nobody can act upon is not said.
 */

type Details = Readonly<Record<string, unknown>>;

/** What forms call an input, where that is not simply its name. */
const LABELS: Readonly<Record<string, string>> = {
  assignee: 'Held by',
  at: 'Time',
  correctedOutput: 'Correction',
  createdAfter: 'Arrived after',
  createdBefore: 'Arrived before',
  dueAt: 'Deadline',
  expectedCount: 'Number of items',
  first: 'Number on a page',
  after: 'Place in the list',
  itemId: 'Item',
  itemIds: 'Items',
  labels: 'Answers',
  memberId: 'Member',
  verdict: 'Answer',
};

/** Their value is JSON of somebody's own, so the rest of the path says where in it. */
const OWN = new Set(['correctedOutput', 'expected', 'input', 'labels', 'metadata', 'observed', 'output']);

const STEP = String.raw`[A-Za-z_]\w*|\[\d+\]`;
const PATH = String.raw`[a-z]\w*(?:\.(?:${STEP})|\[\d+\])*`;
const LEADING = new RegExp(String.raw`^(${PATH})(?: \((line \d+, column \d+)\))?: `, 'gm');
const INSIDE = new RegExp(String.raw`\b(?:variables|input|filter)(?:\.(?:${STEP})|\[\d+\])+`, 'g');
const GRAPHQL =
  /^(?:Syntax Error|Cannot query field|Unknown (?:argument|type|field|directive|fragment)|Field ".*" (?:argument|must not|is not defined)|Fragment |Variable "\$\w+" (?:is not defined|of type|cannot be))/;

/** The refusal as a sentence: what is wrong, and what is allowed. */
export function refusalWords(code: string, message: string, details: Details = {}): string {
  if (code === 'UNAUTHENTICATED') return 'You are not signed in any more. Sign in again: what you wrote is kept.';
  if (code === 'RATE_LIMITED') return `That was too much at once. ${againIn(details)}`;
  if (message.includes('retryAfterSeconds')) return `The service is at its limit. ${againIn(details)}`;
  if (code === 'INTERNAL' && typeof details.requestId === 'string')
    return `A fault of the service. Its log has more, under the request ${details.requestId}.`;
  if (GRAPHQL.test(message)) return 'This page is not of the same version as the service. Reload it.';
  const violations = violationsOf(details);
  if (violations) return violations.map(({ path, messages }) => said(path, messages.join(', '))).join('\n');
  return coercion(message) ?? sentence(withoutPaths(message));
}

/** `input.filter.risk[0]` → Risk */
export function labelOf(path: string): string {
  const steps = path.split(/\.|(?=\[)/).filter(Boolean);
  while (steps.length > 1 && ['variables', 'input', 'inputs', 'filter'].includes(steps[0]!)) {
    // An item's own input is no wrapping of ours.
    if (steps[0] === 'input' && steps[1]!.startsWith('[')) break;
    steps.shift();
  }
  const own = steps.findIndex((step) => OWN.has(step));
  if (own >= 0 && own < steps.length - 1) {
    const rest = steps
      .slice(own + 1)
      .join('.')
      .replaceAll('.[', '[');
    return `${nameOf(steps[own]!)} (${rest})`;
  }
  return nameOf(steps.filter((step) => !step.startsWith('[')).at(-1) ?? path);
}

function nameOf(step: string): string {
  const plain = step.replaceAll(
    /([a-z\d])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
  return LABELS[step] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

function said(path: string, what: string): string {
  return `${labelOf(path)}: ${what.replace(/\.?$/, '.')}`;
}

function withoutPaths(message: string): string {
  return message
    .replaceAll(LEADING, (_, path: string, place?: string) => `${labelOf(path)}${place ? ` (${place})` : ''}: `)
    .replaceAll(INSIDE, (path) => labelOf(path))
    .replaceAll('`', '');
}

const NEEDED: readonly (readonly [RegExp, string])[] = [
  [/does not exist in ".*" enum/, 'there is no such choice'],
  [/^Int cannot represent|^Float cannot represent/, 'it must be a number, not beyond what is usual'],
  [/^Boolean cannot represent/, 'it must be yes or no'],
  [/^String cannot represent/, 'it must be text'],
  [/DateTime/i, 'it must be a date with a time'],
  [/^ID cannot represent/, 'it must be an id'],
  [/^Expected non-nullable type/, 'it must not be empty'],
];

/** What GraphQL says of a variable that does not fit its type. */
function coercion(message: string): string | null {
  const match = /^Variable "\$(\w+)" got invalid value (.*?)(?: at "([^"]+)")?; (.*)$/s.exec(message);
  if (!match) return null;
  const [, variable = '', value = '', path = variable, why = ''] = match;
  const missing = /^Field "(\w+)" of required type/.exec(why);
  if (missing) return `${nameOf(missing[1]!)} is missing.`;
  const [, words = 'that is not allowed here'] = NEEDED.find(([pattern]) => pattern.test(why)) ?? [];
  const shown = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return `${labelOf(path)} cannot be ${shown}: ${words}.`;
}

function violationsOf({ violations }: Details): { path: string; messages: string[] }[] | null {
  return Array.isArray(violations) && violations.length > 0
    ? (violations as { path: string; messages: string[] }[])
    : null;
}

function againIn({ retryAfterSeconds }: Details): string {
  if (typeof retryAfterSeconds !== 'number') return 'Try again in a moment.';
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return `Try again in ${seconds} second${seconds === 1 ? '' : 's'}.`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}
