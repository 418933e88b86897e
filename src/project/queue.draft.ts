import type { Fault, Path } from './fault.js';
import { OnDeadline } from './on-deadline.js';
import { checkRubric, type RubricField } from './rubric.js';
import { readList, Shape } from './shape.js';

/** A queue as a manager sets it up. */
export interface QueueSetup {
  readonly key: string;
  readonly name: string;
  readonly instructions: string;
  readonly reviewsRequired: number;
  readonly leaseSeconds: number;
  readonly slaSeconds: number | null;
  readonly skills: readonly string[];
  /** Names of those who work it, sorted; empty for all who have the skills. */
  readonly members: readonly string[];
  /** Nobody gets two items with one group key. */
  readonly separateGroups: boolean;
  /** From this age on an item goes to anybody who works the queue, skills or not. */
  readonly relaxSkillsAfterSeconds: number | null;
  readonly onDeadline: OnDeadline;
  readonly skipReasonRequired: boolean;
  /** Nobody sees others' reviews of an item before their own is in. */
  readonly blind: boolean;
  /** Nor what the system thought of its output. */
  readonly hidesSignals: boolean;
  /** From the first answer on; 0 for never. */
  readonly reviseWithinSeconds: number;
  readonly rubric: readonly RubricField[];
}

/** What one entry says; the rest stays as it is, or is as in `newQueue`. */
export type QueueDraft = Partial<QueueSetup> & { readonly key: string };

export const newQueue: Omit<QueueSetup, 'key' | 'name'> = {
  instructions: '',
  reviewsRequired: 1,
  leaseSeconds: 600,
  slaSeconds: null,
  skills: [],
  members: [],
  separateGroups: false,
  relaxSkillsAfterSeconds: null,
  onDeadline: OnDeadline.STAY_OPEN,
  skipReasonRequired: false,
  blind: true,
  hidesSignals: false,
  reviseWithinSeconds: 86_400,
  rubric: [],
};

const KNOWN = ['key', 'name', ...Object.keys(newQueue)];
const MOST_QUEUES = 200;
const MOST_SKILLS = 20;
const MOST_MEMBERS = 1_000;

/** Reads the queues of a set-up document; they are good only if nothing was added to `faults`. */
export function checkQueues(value: unknown, path: Path, faults: Fault[]): QueueDraft[] {
  const drafts = readList(value, path, faults, MOST_QUEUES).map((entry) => readQueue(entry.value, entry.path, faults));
  const keys = new Map<string, number>();
  drafts.forEach((draft, i) => {
    const earlier = draft ? keys.get(draft.key) : undefined;
    if (draft && earlier !== undefined) {
      faults.push({ path: [...path, i, 'key'], message: `"${draft.key}" is the key of queue ${earlier + 1} too` });
    } else if (draft) keys.set(draft.key, i);
  });
  return drafts.filter((draft) => draft !== null);
}

function readQueue(value: unknown, path: Path, faults: Fault[]): QueueDraft | null {
  const shape = Shape.read(value, path, faults, KNOWN);
  if (!shape) return null;
  const key = shape.key('key', true);
  const said: { -readonly [Name in keyof QueueSetup]?: QueueSetup[Name] | undefined } = {
    name: shape.has('name') ? shape.text('name', { required: true, max: 200 }) : undefined,
    instructions: shape.text('instructions', { max: 50_000, lines: true }),
    reviewsRequired: shape.integer('reviewsRequired', { min: 1, max: 9, unit: 'reviews' }),
    leaseSeconds: shape.integer('leaseSeconds', { min: 1, max: 86_400, unit: 'seconds' }),
    slaSeconds:
      shape.get('slaSeconds') === null
        ? null
        : shape.integer('slaSeconds', { min: 1, max: 31_536_000, unit: 'seconds' }),
    skills: shape.has('skills') ? readSkills(shape, faults) : undefined,
    members: shape.has('members') ? readMembers(shape, faults) : undefined,
    ...readSwitches(shape, path, faults),
    relaxSkillsAfterSeconds:
      shape.get('relaxSkillsAfterSeconds') === null
        ? null
        : shape.integer('relaxSkillsAfterSeconds', { min: 1, max: 31_536_000, unit: 'seconds' }),
    onDeadline: shape.has('onDeadline') ? readOnDeadline(shape.get('onDeadline'), path, faults) : undefined,
    reviseWithinSeconds: shape.integer('reviseWithinSeconds', { min: 0, max: 31_536_000, unit: 'seconds' }),
    rubric: shape.has('rubric') ? checkRubric(shape.get('rubric'), [...path, 'rubric'], faults) : undefined,
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, entry]) => entry !== undefined));
  return key === undefined ? null : { ...given, key };
}

/** Sorted and each once, so that two spellings of the same requirement are equal. */
function readSkills(shape: Shape, faults: Fault[]): string[] {
  const skills = shape.list('skills', MOST_SKILLS).map(({ value, path }) => {
    if (typeof value === 'string' && /^\S(.{0,62}\S)?$/u.test(value) && !/\p{C}/u.test(value)) return value;
    faults.push({ path, message: 'must be text of 1 to 64 characters without spaces at its ends' });
    return null;
  });
  return [...new Set(skills.filter((skill) => skill !== null))].sort();
}

function readMembers(shape: Shape, faults: Fault[]): string[] {
  const names = shape.list('members', MOST_MEMBERS).map(({ value, path }) => {
    if (typeof value === 'string' && value.length >= 1 && value.length <= 200) return value;
    faults.push({ path, message: 'must be the name of a member' });
    return null;
  });
  return [...new Set(names.filter((name) => name !== null))].sort();
}

const SWITCHES = ['separateGroups', 'skipReasonRequired', 'blind', 'hidesSignals'] as const;

function readSwitches(shape: Shape, path: Path, faults: Fault[]) {
  const given = SWITCHES.filter((name) => shape.has(name));
  return Object.fromEntries(given.map((name) => [name, readSwitch(shape, name, path, faults)]));
}

function readSwitch(shape: Shape, name: string, path: Path, faults: Fault[]): boolean | undefined {
  const value = shape.get(name);
  if (typeof value === 'boolean') return value;
  faults.push({ path: [...path, name], message: 'must be true or false' });
  return undefined;
}

function readOnDeadline(value: unknown, path: Path, faults: Fault[]): OnDeadline | undefined {
  const found = Object.values(OnDeadline).find((choice) => choice === value);
  if (!found)
    faults.push({ path: [...path, 'onDeadline'], message: `must be one of ${Object.values(OnDeadline).join(', ')}` });
  return found;
}
