/**
 * The state machine of an item: the one place that says what may follow what.
 *
 * `OPEN` and `IN_REVIEW` are one stored status told apart by activity: an item is in review while somebody holds a live
 * lease on one of its slots, or a review of it is in. So the end of a lease leads to one or the other.
 */
export enum ItemStatus {
  OPEN = 'OPEN',
  IN_REVIEW = 'IN_REVIEW',
  NEEDS_ADJUDICATION = 'NEEDS_ADJUDICATION',
  RESOLVED = 'RESOLVED',
  WITHDRAWN = 'WITHDRAWN',
}

/** What the row holds; `IN_REVIEW` is never stored. */
export type StoredStatus = Exclude<ItemStatus, ItemStatus.IN_REVIEW>;

export const itemEvents = [
  'claimed',
  'released',
  'expired',
  'skipped',
  'submitted',
  'agreed',
  'disagreed',
  'revised',
  'escalated',
  'adjudicated',
  'deadline',
  'withdrawn',
] as const;
export type ItemEvent = (typeof itemEvents)[number];

/** What is true of the item once the event has happened. */
export interface Activity {
  readonly liveLeases: number;
  readonly reviewsDone: number;
}

const BY_ACTIVITY = 'BY_ACTIVITY';

/** An event that is not listed for a status cannot happen in it. */
const transitions: Readonly<Record<ItemStatus, Partial<Record<ItemEvent, ItemStatus | typeof BY_ACTIVITY>>>> = {
  OPEN: {
    claimed: ItemStatus.IN_REVIEW,
    deadline: ItemStatus.RESOLVED,
    withdrawn: ItemStatus.WITHDRAWN,
  },
  IN_REVIEW: {
    claimed: ItemStatus.IN_REVIEW,
    released: BY_ACTIVITY,
    expired: BY_ACTIVITY,
    skipped: BY_ACTIVITY,
    submitted: ItemStatus.IN_REVIEW,
    agreed: ItemStatus.RESOLVED,
    disagreed: ItemStatus.NEEDS_ADJUDICATION,
    revised: ItemStatus.IN_REVIEW,
    escalated: ItemStatus.NEEDS_ADJUDICATION,
    deadline: ItemStatus.RESOLVED,
    withdrawn: ItemStatus.WITHDRAWN,
  },
  NEEDS_ADJUDICATION: {
    revised: ItemStatus.NEEDS_ADJUDICATION,
    agreed: ItemStatus.RESOLVED,
    adjudicated: ItemStatus.RESOLVED,
    deadline: ItemStatus.RESOLVED,
    withdrawn: ItemStatus.WITHDRAWN,
  },
  // Only a revised review moves what was agreed; see review/revise.service.ts.
  RESOLVED: {
    revised: ItemStatus.RESOLVED,
    disagreed: ItemStatus.NEEDS_ADJUDICATION,
  },
  WITHDRAWN: {},
};

/** The status after an event, or null where the event cannot happen. */
export function next(status: ItemStatus, event: ItemEvent, after: Activity): ItemStatus | null {
  const to = transitions[status][event] ?? null;
  return to === BY_ACTIVITY ? statusOf(ItemStatus.OPEN, after) : to;
}

/** The status that callers see, from the one that is stored. */
export function statusOf(stored: StoredStatus, { liveLeases, reviewsDone }: Activity): ItemStatus {
  return stored === ItemStatus.OPEN && (liveLeases > 0 || reviewsDone > 0) ? ItemStatus.IN_REVIEW : stored;
}

/** Nothing is waited for: it has its answer or was taken back. */
export function isFinal(status: ItemStatus): boolean {
  return status === ItemStatus.RESOLVED || status === ItemStatus.WITHDRAWN;
}

/** The machine as a Mermaid diagram; ARCHITECTURE.md shows it, and a test compares the two. */
export function diagram(): string {
  const arrows = new Map<string, string[]>();
  for (const from of Object.values(ItemStatus)) {
    for (const [event, to] of Object.entries(transitions[from])) {
      const targets = to === BY_ACTIVITY ? [ItemStatus.OPEN, ItemStatus.IN_REVIEW] : [to];
      for (const target of targets) {
        const arrow = `${from} --> ${target}`;
        arrows.set(arrow, [...(arrows.get(arrow) ?? []), event]);
      }
    }
  }
  return [
    'stateDiagram-v2',
    `    [*] --> ${ItemStatus.OPEN} : flagged`,
    ...[...arrows].map(([arrow, events]) => `    ${arrow} : ${events.join(', ')}`),
    ...Object.values(ItemStatus)
      .filter(isFinal)
      .map((status) => `    ${status} --> [*]`),
    '',
  ].join('\n');
}
