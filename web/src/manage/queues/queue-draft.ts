import type { RubricField } from '../asked.js';
import type { QueueSetup } from './operations.js';

/** A queue while it is written: texts, that may not make sense yet. */
export interface QueueDraft {
  key: string;
  name: string;
  instructions: string;
  reviewsRequired: string;
  leaseMinutes: string;
  slaHours: string;
  skills: string;
  members: string[];
  separateGroups: boolean;
  hidesSignals: boolean;
  blind: boolean;
  skipReasonRequired: boolean;
  reviseWithinHours: string;
  relaxSkillsAfterHours: string;
  onDeadline: string;
  rubric: RubricField[];
}

export const NEW_QUEUE: QueueDraft = {
  key: '',
  name: '',
  instructions: '',
  reviewsRequired: '1',
  leaseMinutes: '10',
  slaHours: '',
  skills: '',
  members: [],
  separateGroups: false,
  hidesSignals: false,
  blind: true,
  skipReasonRequired: false,
  reviseWithinHours: '24',
  relaxSkillsAfterHours: '',
  onDeadline: 'STAY_OPEN',
  rubric: [],
};

export function draftOf(queue: QueueSetup): QueueDraft {
  const { key, name, instructions, members = [], separateGroups, onDeadline } = queue;
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
    reviewsRequired: String(queue.reviewsRequired),
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
    leaseSeconds: numberOf(draft.leaseMinutes, 60),
    slaSeconds: draft.slaHours.trim() === '' ? null : numberOf(draft.slaHours, 3_600),
    skills: listOf(draft.skills),
    members: members.toSorted(),
    separateGroups,
    hidesSignals: draft.hidesSignals,
    blind: draft.blind,
    skipReasonRequired: draft.skipReasonRequired,
    reviseWithinSeconds: numberOf(draft.reviseWithinHours, 3_600),
    relaxSkillsAfterSeconds:
      draft.relaxSkillsAfterHours.trim() === '' ? null : numberOf(draft.relaxSkillsAfterHours, 3_600),
    onDeadline,
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
  return [
    ...new Set(
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ].sort();
}

function per(seconds: number | null, unit: number): string {
  return seconds === null ? '' : String(Number((seconds / unit).toPrecision(12)));
}

function numberOf(text: string, unit: number): unknown {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : Number((value * unit).toPrecision(12));
}
