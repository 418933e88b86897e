/** What the list of items is narrowed to, as it stands in the address. Absent: not narrowed. */
export interface Filter {
  text?: string;
  status?: string;
  queue?: string;
  verdict?: string;
  risk?: string;
  assignee?: string;
  decidedBy?: string;
  source?: string;
  tag?: string;
  model?: string;
  externalId?: string;
  overdue?: string;
  failing?: string;
}

const NAMES: readonly (keyof Filter)[] = [
  'text',
  'status',
  'queue',
  'verdict',
  'risk',
  'assignee',
  'decidedBy',
  'source',
  'tag',
  'model',
  'externalId',
  'overdue',
  'failing',
];

/** Several statuses under one name, so that the address says what was chosen. */
const STATUSES = {
  waiting: ['OPEN', 'IN_REVIEW', 'NEEDS_ADJUDICATION'],
  open: ['OPEN'],
  review: ['IN_REVIEW'],
  adjudication: ['NEEDS_ADJUDICATION'],
  resolved: ['RESOLVED'],
  withdrawn: ['WITHDRAWN'],
} as const;

export const STATUS_CHOICES: [string, string][] = [
  ['waiting', 'Waiting'],
  ['open', 'Open'],
  ['review', 'In review'],
  ['adjudication', 'Needs adjudication'],
  ['resolved', 'Resolved'],
  ['withdrawn', 'Withdrawn'],
];

export const VERDICT_CHOICES: [string, string][] = [
  ['CONFIRMED', 'Confirmed'],
  ['CORRECTED', 'Corrected'],
  ['REJECTED', 'Rejected'],
];
export const RISK_CHOICES: [string, string][] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].map((risk) => [
  risk,
  risk.toLowerCase(),
]);

/** What may stand in the address where not everything may. */
const CHOICES: Partial<Record<keyof Filter, { label: string; from: [string, string][] }>> = {
  status: { label: 'Status', from: STATUS_CHOICES },
  verdict: { label: 'Answer', from: VERDICT_CHOICES },
  risk: { label: 'Risk', from: RISK_CHOICES },
  overdue: { label: 'Overdue', from: [['yes', 'yes']] },
  failing: { label: 'Fails in CI', from: [['yes', 'yes']] },
};
const PEOPLE: Partial<Record<keyof Filter, string>> = { assignee: 'Held by', decidedBy: 'Decided by' };
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const LONGEST = { text: 500, queue: 63 } as const;

export interface ReadFilter {
  filter: Filter;
  /** What in the address is no such thing, each in a sentence. It is not part of the filter. */
  faults: string[];
}

export function readFilter(search: string): ReadFilter {
  const params = new URLSearchParams(search);
  const filter: Filter = {};
  const faults: string[] = [];
  for (const name of NAMES) {
    const value = params.get(name);
    if (!value) continue;
    const fault = faultOf(name, value);
    if (fault) faults.push(fault);
    else filter[name] = value;
  }
  return { filter, faults };
}

function faultOf(name: keyof Filter, value: string): string | null {
  const shown = `“${value.length > 60 ? `${value.slice(0, 60)}…` : value}”`;
  const choice = CHOICES[name];
  if (choice && !choice.from.some(([key]) => key === value)) {
    return `${choice.label} cannot be ${shown}; it can be ${choice.from.map(([key]) => key).join(', ')}.`;
  }
  const who = PEOPLE[name];
  if (who && !ID.test(value)) return `${who} cannot be ${shown}; it takes the id of a member: choose one in the list.`;
  const most = LONGEST[name as keyof typeof LONGEST] ?? 256;
  if (value.length > most) return `${shown} is too long to look for: at most ${most} characters.`;
  return null;
}

export function addressOf(filter: Filter): string {
  const params = new URLSearchParams();
  for (const name of NAMES) if (filter[name]) params.set(name, filter[name]);
  const text = params.toString();
  return text === '' ? '/manage/items' : `/manage/items?${text}`;
}

type Verdict = 'CONFIRMED' | 'CORRECTED' | 'REJECTED';
type Risk = 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

/** The same as the service takes it. */
export function toItemFilter(filter: Filter) {
  const { status, verdict, risk, overdue, failing, ...rest } = filter;
  const statuses = STATUSES[status as keyof typeof STATUSES];
  return {
    ...rest,
    ...(statuses && { status: [...statuses] }),
    ...(verdict && { verdict: [verdict as Verdict] }),
    ...(risk && { risk: [risk as Risk] }),
    ...(overdue && { overdue: true }),
    ...(failing && { evalFailing: true }),
  };
}
