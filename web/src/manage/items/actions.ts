import { apiError, ask } from '../../graphql.js';
import {
  AssignItem,
  AssignItems,
  type Bulk,
  BumpItems,
  MoveItems,
  Unassign,
  UnassignItems,
  WithdrawItems,
} from './operations.js';
import type { toItemFilter } from './filter.js';

/** Which items: the ones named, or all that meet a filter. */
export type Target = { itemIds: string[] } | { filter: ReturnType<typeof toItemFilter> };

export interface Done extends Bulk {
  /** What the refusal said, where one was meant. */
  refusal?: string;
}

export type Action =
  | { kind: 'assign'; memberId: string }
  | { kind: 'unassign' }
  | { kind: 'endLease'; assignmentId: string }
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
    case 'assign': {
      const { memberId } = action;
      const [itemId, ...others] = 'itemIds' in target ? target.itemIds : [];
      if (itemId !== undefined && others.length === 0)
        return one(() => ask(AssignItem, { input: { itemId, memberId } }));
      return (await ask(AssignItems, { input: { ...which, memberId } })).bulk;
    }
    case 'unassign':
      return (await ask(UnassignItems, { input: which })).bulk;
    case 'endLease':
      return one(() => ask(Unassign, { input: { assignmentId: action.assignmentId } }));
  }
}

/** One thing alone: a refusal says why. What may pass is thrown. */
async function one(change: () => Promise<unknown>): Promise<Done> {
  try {
    await change();
    return { matched: 1, changed: 1, skipped: 0, stayed: [] };
  } catch (error) {
    const refusal = apiError(error);
    if (refusal.isPassing) throw refusal;
    return { matched: 1, changed: 0, skipped: 1, stayed: [], refusal: refusal.message };
  }
}
