import type { RubricField } from '../asked.js';
import type { Change } from '../changes-list.js';
import { changedQuestions } from './changed-questions.js';
import { hoursDraftOf } from './deadline-draft.js';
import { changesOf, NEW_QUEUE, type QueueDraft, setupOf } from './queue-draft.js';
import { ENDS, sayHours, sayStep, type Step } from './say.js';
import { inWords, labelOf } from './settings.js';

type Say = (value: never) => string;

const percent = (share: number) => `${Number((share * 100).toPrecision(12))} %`;
const yesOrNo = (value: boolean) => (value ? 'yes' : 'no');
const list = (none: string) => (names: string[]) => names.join(', ') || none;

/** Round if it is; what is not is told to the second too, or two that differ would look the same. */
function time(seconds: number): string {
  const text = inWords(seconds);
  const size = text.includes('day') ? 86_400 : text.includes('hour') ? 3_600 : text.includes('minute') ? 60 : 1;
  const isExact = Number.isInteger(Number(((seconds / size) * 10).toPrecision(12)));
  return isExact ? text : `${text} (${seconds.toLocaleString('en')} s)`;
}

const orElse = (none: string) => (seconds: number | null) => (seconds === null ? none : time(seconds));

const SAYINGS: Readonly<Record<string, Say>> = {
  reviewsMax: (count: number | null) => String(count ?? 'no further ones'),
  agreementBar: percent,
  leaseSeconds: time,
  reviseWithinSeconds: (seconds: number) => (seconds === 0 ? 'never' : time(seconds)),
  relaxSkillsAfterSeconds: orElse('never: they always do'),
  slaSeconds: orElse('no deadline'),
  onDeadlineAfterSeconds: (seconds: number) => (seconds === 0 ? 'at the deadline itself' : time(seconds)),
  onDeadline: (end: string) => ENDS[end] ?? 'none: it waits on, overdue',
  hours: (hours: unknown) => sayHours(hoursDraftOf(hours)),
  deadlineSteps: (steps: Step[]) => steps.map(sayStep).join('\n') || 'none',
  skills: list('none'),
  members: list('all who have the skills'),
  separateGroups: yesOrNo,
  blind: yesOrNo,
  hidesSignals: yesOrNo,
  skipReasonRequired: yesOrNo,
  goldRate: percent,
  goldBar: (share: number) => (share === 0 ? 'nobody is' : percent(share)),
};

const FOLLOW =
  'Open items follow within seconds: reviews are asked for or no longer are, and what has enough is decided. ' +
  'What somebody holds they may finish; what has its final answer keeps it.';
const FROM_NOW_ON = 'For items that arrive from now on; deadlines that are set stay.';
const OVERDUE = 'Also for items that are overdue by then: they go on with the step after those that they had.';
const NEXT_ANSWER = 'Looked at with the next known answer that somebody gives; who is paused stays so until let go on.';

/** What a change means for what is there already. */
const MEANINGS: Readonly<Record<string, string>> = {
  reviewsRequired: FOLLOW,
  reviewsMax: FOLLOW,
  agreementBar: FOLLOW,
  leaseSeconds: 'For what is claimed from now on; who holds an item holds it as long as before.',
  reviseWithinSeconds: 'Also for answers that were given before.',
  skills: 'Also for items that wait; what somebody holds they may finish.',
  members: 'Also for items that wait; who is taken off finishes what they hold.',
  separateGroups: 'From the next claim on.',
  relaxSkillsAfterSeconds: 'Also for items that wait already.',
  slaSeconds: FROM_NOW_ON,
  hours: FROM_NOW_ON,
  deadlineSteps: OVERDUE,
  onDeadline: 'Also for open items: what is overdue so long gets this answer within seconds.',
  onDeadlineAfterSeconds: 'Also for open items: what is overdue so long gets its answer within seconds.',
  goldRate: 'From the next claim on.',
  goldBar: NEXT_ANSWER,
  goldMinimum: NEXT_ANSWER,
  instructions: 'Reviewers see it with the next item.',
  rubric: 'For what is claimed from now on; reviews and leases under way keep the questions that they began with.',
};

/** What saving changes, in words: what is written against what is stored by now. Null stored: there is no such queue. */
export function changedQueue(base: QueueDraft | null, mine: QueueDraft, stored: QueueDraft | null): Change[] {
  const before = setupOf(stored ?? NEW_QUEUE);
  const isNew = stored === null;
  const changes = Object.entries(changesOf(base, mine)).filter(
    ([name, value]) => name !== 'rubric' && JSON.stringify(before[name]) !== JSON.stringify(value),
  );
  const questions = changedQuestions(stored?.rubric ?? [], mine.rubric);
  return withMeanings(
    [
      ...changes.map(([name, value]): Entry => {
        const said = { what: labelOf(name), from: isNew ? null : say(name, before[name]), to: say(name, value) };
        return [name, name === 'instructions' ? { ...said, isText: true } : said];
      }),
      ...(base && same(base.rubric, mine.rubric) ? [] : questions.map((change): Entry => ['rubric', change])),
    ],
    isNew,
  );
}

type Entry = [name: string, change: Change];

/** The same meaning is told once, where it holds for the last time. A new queue has nothing that it could mean. */
function withMeanings(entries: Entry[], isNew: boolean): Change[] {
  const meaning = (place: number) => MEANINGS[entries[place]?.[0] ?? ''];
  return entries.map(([, change], i) =>
    isNew || meaning(i) === meaning(i + 1) ? change : { ...change, means: meaning(i) },
  );
}

function say(name: string, value: unknown): string {
  return (SAYINGS[name] as ((value: unknown) => string) | undefined)?.(value) ?? (String(value) || '(empty)');
}

function same(one: RubricField[], other: RubricField[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
