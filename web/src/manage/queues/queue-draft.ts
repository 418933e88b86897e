import type { RubricField } from '../asked.js';
import {
  hoursDraftOf,
  hoursOf,
  type HoursDraft,
  numberOf,
  partsOf,
  per,
  type StepDraft,
  stepDraftsOf,
  stepsOf,
} from './deadline-draft.js';
import type { QueueSetup } from './operations.js';

/** A queue while it is written: texts, that may not make sense yet. */
export interface QueueDraft {
  key: string;
  name: string;
  instructions: string;
  reviewsRequired: string;
  /** Empty for no further ones. */
  reviewsMax: string;
  agreementPercent: string;
  leaseMinutes: string;
  slaHours: string;
  /** Null for always open. */
  hours: HoursDraft | null;
  steps: StepDraft[];
  skills: string;
  members: string[];
  separateGroups: boolean;
  hidesSignals: boolean;
  blind: boolean;
  skipReasonRequired: boolean;
  reviseWithinHours: string;
  relaxSkillsAfterHours: string;
  onDeadline: string;
  onDeadlineAfterHours: string;
  goldPercent: string;
  goldBarPercent: string;
  goldMinimum: string;
  rubric: RubricField[];
}

export const NEW_QUEUE: QueueDraft = {
  key: '',
  name: '',
  instructions: '',
  reviewsRequired: '1',
  reviewsMax: '',
  agreementPercent: '50',
  leaseMinutes: '10',
  slaHours: '',
  hours: null,
  steps: [],
  skills: '',
  members: [],
  separateGroups: false,
  hidesSignals: false,
  blind: true,
  skipReasonRequired: false,
  reviseWithinHours: '24',
  relaxSkillsAfterHours: '',
  onDeadline: 'STAY_OPEN',
  onDeadlineAfterHours: '0',
  goldPercent: '0',
  goldBarPercent: '0',
  goldMinimum: '10',
  rubric: [],
};

export function draftOf(queue: QueueSetup): QueueDraft {
  const { key, name, instructions, members = [], separateGroups, onDeadline } = queue;
  const { rate, bar, minimum } = queue.gold ?? { rate: 0, bar: 0, minimum: 10 };
  return {
    key,
    name,
    instructions,
    members,
    separateGroups,
    hidesSignals: queue.hidesSignals,
    blind: queue.blind,
    skipReasonRequired: queue.skipReasonRequired,
    reviseWithinHours: per(queue.reviseWithinSeconds, 3_600),
    onDeadline,
    onDeadlineAfterHours: per(queue.onDeadlineAfterSeconds, 3_600),
    hours: hoursDraftOf(queue.hours),
    steps: stepDraftsOf(queue.deadlineSteps),
    goldPercent: per(rate, 0.01),
    goldBarPercent: per(bar, 0.01),
    goldMinimum: String(minimum),
    reviewsRequired: String(queue.reviewsRequired),
    reviewsMax: per(queue.reviewsMax, 1),
    agreementPercent: per(queue.agreementBar, 0.01),
    leaseMinutes: per(queue.leaseSeconds, 60),
    slaHours: per(queue.slaSeconds, 3_600),
    skills: queue.skills.join(', '),
    relaxSkillsAfterHours: per(queue.relaxSkillsAfterSeconds, 3_600),
    rubric: queue.rubric.fields as RubricField[],
  };
}

/** As the service checks it. What is no number goes as it is, so that the service says what is wrong. */
export function setupOf(draft: QueueDraft): Record<string, unknown> {
  const { key, name, instructions, members, separateGroups, onDeadline, rubric } = draft;
  return {
    key,
    name,
    instructions,
    reviewsRequired: numberOf(draft.reviewsRequired, 1),
    reviewsMax: orNone(draft.reviewsMax, 1),
    agreementBar: numberOf(draft.agreementPercent, 0.01),
    leaseSeconds: numberOf(draft.leaseMinutes, 60),
    slaSeconds: orNone(draft.slaHours, 3_600),
    hours: hoursOf(draft.hours),
    deadlineSteps: stepsOf(draft.steps),
    skills: listOf(draft.skills),
    members: members.toSorted(),
    separateGroups,
    hidesSignals: draft.hidesSignals,
    blind: draft.blind,
    skipReasonRequired: draft.skipReasonRequired,
    reviseWithinSeconds: numberOf(draft.reviseWithinHours, 3_600),
    relaxSkillsAfterSeconds: orNone(draft.relaxSkillsAfterHours, 3_600),
    onDeadline,
    onDeadlineAfterSeconds: numberOf(draft.onDeadlineAfterHours, 3_600),
    goldRate: numberOf(draft.goldPercent, 0.01),
    goldBar: numberOf(draft.goldBarPercent, 0.01),
    goldMinimum: numberOf(draft.goldMinimum, 1),
    rubric,
  };
}

/** What differs from where it began; only this is saved, so that nothing of somebody else's is undone. */
export function changesOf(base: QueueDraft | null, draft: QueueDraft): Record<string, unknown> {
  const after = setupOf(draft);
  if (base === null) return after;
  const before = setupOf(base);
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(names.map((name) => [name, after[name]]));
}

/** What was changed here and, meanwhile, by somebody else too. */
export function clashes(base: QueueDraft, mine: QueueDraft, theirs: QueueDraft): string[] {
  const [before, now] = [setupOf(base), setupOf(theirs)];
  return Object.keys(changesOf(base, mine)).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
}

export function listOf(text: string): string[] {
  return [...new Set(partsOf(text))].sort();
}

/** What may be left empty. */
function orNone(text: string, unit: number): unknown {
  return text.trim() === '' ? null : numberOf(text, unit);
}
