import { apiError, ask } from '../../graphql.js';
import { AssignItem, BumpItems, MoveItems, Unassign, WithdrawItems } from './operations.js';
import type { toItemFilter } from './filter.js';

/** Which items: the ones named, or all that meet a filter. */
export type Target = { itemIds: string[] } | { filter: ReturnType<typeof toItemFilter> };

export interface Done {
  matched: number;
  changed: number;
  skipped: number;
  /** What the first refusal said, where items were changed one by one. */
  refusal?: string;
}

export type Action =
  | { kind: 'assign'; memberId: string }
  | { kind: 'unassign' }
  | { kind: 'move'; queue: string }
  | { kind: 'bump'; priority: number | null; dueAt: string | null }
  | { kind: 'withdraw'; reason: string | null };

/** How many items are meant. */
export async function count(target: Target): Promise<number> {
  if ('itemIds' in target) return target.itemIds.length;
  // A dry run of any of the actions counts; this one needs nothing else.
  return (await ask(WithdrawItems, { input: { ...target, dryRun: true } })).bulk.matched;
}

/** Does it; refused when it would be another number of items by now. */
export async function perform(action: Action, target: Target, expectedCount: number): Promise<Done> {
  const which = { ...target, expectedCount };
  switch (action.kind) {
    case 'move':
      return (await ask(MoveItems, { input: { ...which, queue: action.queue } })).bulk;
    case 'bump':
      return (await ask(BumpItems, { input: { ...which, priority: action.priority, dueAt: action.dueAt } })).bulk;
    case 'withdraw':
      return (await ask(WithdrawItems, { input: { ...which, reason: action.reason } })).bulk;
    case 'assign':
      return oneByOne(idsOf(target), (itemId) => ask(AssignItem, { input: { itemId, memberId: action.memberId } }));
    case 'unassign':
      return oneByOne(idsOf(target), (assignmentId) => ask(Unassign, { input: { assignmentId } }));
  }
}

const idsOf = (target: Target) => ('itemIds' in target ? target.itemIds : []);

/** What has no action for many at once. A refusal of one is no refusal of the others; no connection stops it. */
async function oneByOne(ids: readonly string[], change: (id: string) => Promise<unknown>): Promise<Done> {
  const done: Done = { matched: ids.length, changed: 0, skipped: 0 };
  for (const id of ids) {
    try {
      await change(id);
      done.changed += 1;
    } catch (error) {
      const refusal = apiError(error);
      if (refusal.isPassing) throw refusal;
      done.skipped += 1;
      done.refusal ??= refusal.message;
    }
  }
  return done;
}
