import { words } from '../states.js';
import type { HistoryEvent } from './item-operations.js';

/** What became of the item as an eval case. */
const CASE_WORDS: Readonly<Record<string, (by: string) => string>> = {
  CASE_REVISED: () => 'It became an eval case, or a new revision of one',
  CASE_ADMITTED: (by) => `Admitted as an eval case by ${by}`,
  CASE_REFUSED: (by) => `Refused as an eval case by ${by}`,
  CASE_EDITED: (by) => `Its eval case was edited by ${by}`,
  CASE_DROPPED: (by) => `Its eval case was taken back by ${by}`,
  CASE_NEAR_IDENTICAL: () => 'Its eval case is almost the same as another',
  CASE_FAILED: () => 'Its eval case failed in a run',
};

const HELD_WORDS: Readonly<Record<string, string>> = {
  QUARANTINE: 'It waits as an eval case: below the bar of its dataset',
  CONFLICT: 'It waits as an eval case: the same input was answered otherwise',
  DUPLICATE: 'It stands behind an eval case with the same input and answer',
};

/** An event of the log in a sentence. What is not known yet is told by its name, never left out. */
export function sentenceOf(event: HistoryEvent): string {
  const { kind, queueName } = event;
  const data = (event.data ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : null);
  const who = event.memberName ?? 'somebody';
  const by = whoOf(event);
  const isOther = event.actorName !== event.memberName;
  switch (kind) {
    case 'ITEM_FLAGGED':
      return `Flagged by ${by} into ${queueName ?? 'a queue'}${text('rule') ? `, by the rule “${text('rule')}”` : ''}`;
    case 'ASSIGNMENT_CLAIMED':
      return isOther ? `Assigned to ${who} by ${by}` : `Claimed by ${who}`;
    case 'ASSIGNMENT_RELEASED':
      return isOther ? `Taken back from ${who} by ${by}` : `Given back by ${who}${because(text('reason'))}`;
    case 'ASSIGNMENT_SKIPPED':
      return `Skipped by ${who}${because(text('reason'))}`;
    case 'ASSIGNMENT_EXPIRED':
      return `The lease of ${who} ran out`;
    case 'REVIEW_SUBMITTED':
      return text('verdict') ? `${who} answered: ${words(text('verdict')!)}` : `${who} answered`;
    case 'ITEM_NEEDS_ADJUDICATION':
      return 'The reviewers disagree: it needs adjudication';
    case 'ITEM_ESCALATED':
      return `${by} left it to somebody more senior`;
    case 'ITEM_RESOLVED':
      return `Resolved${text('verdict') ? ` as ${words(text('verdict')!)}` : ''} ${resolvedBy(text('by'), by)}`;
    case 'ITEM_WITHDRAWN':
      return `Withdrawn by ${by}${because(text('reason'))}`;
    case 'ITEM_MOVED_OUT':
      return `Moved out of ${queueName ?? 'its queue'} by ${by}`;
    case 'ITEM_MOVED_IN':
      return `Moved into ${queueName ?? 'another queue'} by ${by}`;
    case 'ITEM_BUMPED':
      return `Priority ${String(data.priority)}${text('dueAt') ? `, due ${text('dueAt')!.slice(0, 16).replace('T', ' ')}` : ''}, by ${by}`;
    case 'ITEM_REOPENED':
      return `Opened again: ${by} changed their answer`;
    case 'ITEM_REVIEWS_CHANGED':
      return `It needs ${String(data.to)} ${data.to === 1 ? 'review' : 'reviews'} now, not ${String(data.from)}`;
    case 'REVIEW_REVISED':
      return `${event.memberName ?? by} changed their answer${text('verdict') ? `: ${words(text('verdict')!)}` : ''}`;
    case 'CASE_HELD':
      return HELD_WORDS[text('kind') ?? ''] ?? 'It waits as an eval case';
    case 'DEADLINE_STEP':
      return `The deadline’s step ${String(data.step)}: ${words(text('action') ?? 'done')}`;
    default:
      return CASE_WORDS[kind]?.(by) ?? `${words(kind)}${event.memberName ? `: ${event.memberName}` : ''}, by ${by}`;
  }
}

export function toneOf({ kind }: HistoryEvent): string | undefined {
  if (kind === 'ITEM_RESOLVED') return 'good';
  return /ADJUDICATION|EXPIRED|WITHDRAWN|ESCALATED/.test(kind) ? 'warn' : undefined;
}

function whoOf({ actor, actorName }: HistoryEvent): string {
  if (actor === 'system') return 'the service';
  return actor.startsWith('key:') ? `the key “${actorName ?? actor.slice(4)}”` : (actorName ?? 'a member');
}

function resolvedBy(by: string | null, actor: string): string {
  if (by === 'ADJUDICATION') return `by adjudication of ${actor}`;
  if (by === 'DEADLINE') return 'by its deadline';
  return 'by its reviews';
}

function because(reason: string | null): string {
  return reason ? `: ${reason === 'UNASSIGNED' ? 'unassigned' : reason}` : '';
}
