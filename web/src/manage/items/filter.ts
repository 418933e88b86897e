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

export function readFilter(search: string): Filter {
  const params = new URLSearchParams(search);
  return Object.fromEntries(NAMES.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])));
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
  const { status, verdict, risk, overdue, ...rest } = filter;
  const statuses = STATUSES[status as keyof typeof STATUSES];
  return {
    ...rest,
    ...(statuses && { status: [...statuses] }),
    ...(verdict && { verdict: [verdict as Verdict] }),
    ...(risk && { risk: [risk as Risk] }),
    ...(overdue && { overdue: true }),
  };
}
