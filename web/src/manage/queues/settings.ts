import type { Fault } from '../use-plan.js';
import { NEW_QUEUE, type QueueDraft } from './queue-draft.js';

/** A setting that is typed, in the unit that people think of. */
export interface Setting {
  /** As the service calls it; faults name it so. */
  readonly at: string;
  readonly label: string;
  /** What it means, in a line. */
  readonly hint: string;
  readonly unit?: string;
  /** In `unit`. */
  readonly range?: readonly [number, number];
}

type TextName = {
  [Name in keyof QueueDraft]: QueueDraft[Name] extends string ? Name : never;
}[keyof QueueDraft];

const HOURS_OF_A_YEAR = 8_760;

export const SETTINGS = {
  key: { at: 'key', label: 'Key', hint: 'What applications and files call it: a-z, 0-9 and “-”. Never changes.' },
  name: { at: 'name', label: 'Name', hint: 'What people call it.' },
  instructions: {
    at: 'instructions',
    label: 'Instructions',
    hint: 'What a reviewer reads before the first item, in Markdown. Links do not act and pictures are not shown.',
  },
  reviewsRequired: {
    at: 'reviewsRequired',
    label: 'Reviews of each item',
    hint: 'Each by another person, who does not know what the others said.',
    range: [1, 9],
  },
  reviewsMax: {
    at: 'reviewsMax',
    label: 'At most, where they disagree',
    hint: 'One further review at a time, up to so many; then somebody adjudicates. Empty for none.',
    range: [1, 9],
  },
  agreementPercent: {
    at: 'agreementBar',
    label: 'Agreement needed',
    hint: 'The share that gives the most common answer. It is always more than half that decides.',
    unit: '%',
    range: [0, 100],
  },
  leaseMinutes: {
    at: 'leaseSeconds',
    label: 'A reviewer holds an item for',
    hint: 'After so long without a sign of life it is offered to others.',
    unit: 'minutes',
    range: [0, 1_440],
  },
  reviseWithinHours: {
    at: 'reviseWithinSeconds',
    label: 'Answers may be changed for',
    hint: 'From a reviewer’s first answer to an item; 0 for never.',
    unit: 'hours',
    range: [0, HOURS_OF_A_YEAR],
  },
  skills: { at: 'skills', label: 'Skills', hint: 'What a reviewer must have, all of it; separated by commas.' },
  relaxSkillsAfterHours: {
    at: 'relaxSkillsAfterSeconds',
    label: 'Skills do not matter after',
    hint: 'What has waited so long goes to anybody who works the queue. Empty for never.',
    unit: 'hours',
    range: [0, HOURS_OF_A_YEAR],
  },
  slaHours: {
    at: 'slaSeconds',
    label: 'Deadline after',
    hint: 'From an item’s arrival, in opening time. Empty for no deadline.',
    unit: 'hours',
    range: [0, HOURS_OF_A_YEAR],
  },
  onDeadlineAfterHours: {
    at: 'onDeadlineAfterSeconds',
    label: 'So long after the deadline',
    hint: 'In opening time; 0 for at the deadline itself.',
    unit: 'hours',
    range: [0, HOURS_OF_A_YEAR],
  },
  goldPercent: {
    at: 'goldRate',
    label: 'Known answers among a reviewer’s items',
    hint: 'The share of what somebody claims whose right answer is known. 0 for none.',
    unit: '%',
    range: [0, 50],
  },
  goldBarPercent: {
    at: 'goldBar',
    label: 'Paused below',
    hint: 'Whoever is right less often gets nothing more here until a manager lets them. 0 for nobody.',
    unit: '%',
    range: [0, 100],
  },
  goldMinimum: {
    at: 'goldMinimum',
    label: 'Not before',
    hint: 'So many known answers are needed to judge anybody.',
    unit: 'answers',
    range: [1, 1_000],
  },
} as const satisfies { readonly [Name in TextName]?: Setting };

export type SettingName = keyof typeof SETTINGS;

/** What is set by more than a text, by the name that the service has for it. */
const OTHERS: Readonly<Record<string, string>> = {
  members: 'Who works it',
  separateGroups: 'One of a conversation',
  blind: 'Reviews are blind',
  hidesSignals: 'What the system thought is hidden',
  skipReasonRequired: 'Skipping needs a reason',
  hours: 'Opening hours',
  deadlineSteps: 'Steps when overdue',
  onDeadline: 'Final answer of the deadline',
  rubric: 'Questions',
};

const LABELS: Readonly<Record<string, string>> = {
  ...OTHERS,
  ...Object.fromEntries(Object.values(SETTINGS).map(({ at, label }) => [at, label])),
};

/** What people call a setting of the service. */
export function labelOf(at: string): string {
  return LABELS[at] ?? at;
}

/** A fault in the words of the form: its labels, its units, its ranges. */
export function plainly({ message }: Fault, setting?: Setting, text = ''): string {
  const { range, unit } = setting ?? {};
  const value = Number(text);
  if (
    range &&
    text.trim() !== '' &&
    (value < range[0] || value > range[1] || (value === 0 && message.includes('1 to')))
  ) {
    const [least, most] = range.map((bound) => bound.toLocaleString('en'));
    const from = least === '0' && value === 0 ? 'more than 0 and at most' : `${least} to`;
    return `Must be ${from} ${most}${unit ? ` ${unit}` : ''}; it is ${text.trim()}.`;
  }
  const named = message
    .replaceAll(/\b([a-z]+[A-Z]\w+)\b/g, (name) => (name in LABELS ? `“${LABELS[name]}”` : name))
    .replaceAll(/\b(\d+) seconds\b/g, (_, seconds: string) => inWords(Number(seconds)));
  return named.charAt(0).toUpperCase() + named.slice(1);
}

/** 5400 → 1.5 hours */
export function inWords(seconds: number): string {
  const [size, unit] = seconds >= 172_800 ? [86_400, 'day'] : seconds >= 3_600 ? [3_600, 'hour'] : [60, 'minute'];
  const value = seconds < 60 ? seconds : Number((seconds / size).toFixed(1));
  return `${value.toLocaleString('en')} ${seconds < 60 ? 'second' : unit}${value === 1 ? '' : 's'}`;
}

/** Drafts that an earlier version of this page kept in the browser know less. */
export function whole(draft: Partial<QueueDraft>): QueueDraft {
  return { ...NEW_QUEUE, ...draft };
}
