import { registerEnumType } from '@nestjs/graphql';

import type { Fault, Path } from './fault.js';
import { OnDeadline } from './on-deadline.js';
import { type OpeningHours, tooLong } from './opening-hours.js';
import { readList, Shape } from './shape.js';

export enum DeadlineAction {
  RAISE = 'RAISE',
  WIDEN = 'WIDEN',
  HAND_OVER = 'HAND_OVER',
}
registerEnumType(DeadlineAction, {
  name: 'DeadlineAction',
  description: 'What happens to an item that is overdue.',
  valuesMap: {
    RAISE: { description: 'It gets a higher priority, and a place further ahead.' },
    WIDEN: { description: 'It goes to anybody who works the queue, skills or not.' },
    HAND_OVER: { description: 'It goes to another queue, unless reviews are in.' },
  },
});

/** One step of what happens when a deadline passes. */
export interface DeadlineStep {
  /** From the deadline on, in opening time. */
  readonly afterSeconds: number;
  readonly action: DeadlineAction;
  /** RAISE: at least this priority from then on. */
  readonly priority?: number;
  /** HAND_OVER: the key of the other queue. */
  readonly queue?: string;
}

/** What a queue says of its deadlines, taken together. */
interface DeadlineRules {
  readonly slaSeconds: number | null;
  readonly hours: OpeningHours | null;
  readonly deadlineSteps: readonly DeadlineStep[];
  readonly onDeadline: OnDeadline;
  readonly onDeadlineAfterSeconds: number;
}

const MOST_STEPS = 8;
const LONGEST = 31_536_000;
const ACTIONS = Object.values(DeadlineAction);

/** Reads the steps of a queue; they are good only if nothing was added to `faults`. */
export function checkSteps(value: unknown, path: Path, faults: Fault[]): DeadlineStep[] {
  return readList(value, path, faults, MOST_STEPS)
    .map((entry) => readStep(entry.value, entry.path, faults))
    .filter((step) => step !== null);
}

function readStep(value: unknown, path: Path, faults: Fault[]): DeadlineStep | null {
  const shape = Shape.read(value, path, faults, ['afterSeconds', 'action', 'priority', 'queue']);
  if (!shape) return null;
  const action = shape.choice('action', ACTIONS, true);
  if (!shape.has('afterSeconds')) shape.fault('afterSeconds', 'is required: 0 for at the deadline');
  const afterSeconds = shape.integer('afterSeconds', { min: 0, max: LONGEST, unit: 'seconds' });
  const priority = shape.integer('priority', { min: 1, max: 9 });
  const queue = shape.key('queue', action === DeadlineAction.HAND_OVER);
  if (action === DeadlineAction.RAISE && !shape.has('priority')) shape.fault('priority', 'is required: 1 to 9');
  if (action && action !== DeadlineAction.RAISE && shape.has('priority')) shape.fault('priority', 'is for RAISE alone');
  if (action && action !== DeadlineAction.HAND_OVER && shape.has('queue')) {
    shape.fault('queue', 'is for HAND_OVER alone');
  }
  if (!action || afterSeconds === undefined) return null;
  return { afterSeconds, action, ...(priority !== undefined && { priority }), ...(queue !== undefined && { queue }) };
}

/** What cannot be seen of one property alone. `key` is the queue's own. */
export function checkDeadlines(rules: DeadlineRules, key: string, path: Path, faults: Fault[]): void {
  const { deadlineSteps: steps, onDeadline, onDeadlineAfterSeconds, hours } = rules;
  const fault = (at: Path, message: string | null) => message && faults.push({ path: [...path, ...at], message });
  steps.forEach(({ action, afterSeconds, queue }, i) => {
    const at = (name: string) => ['deadlineSteps', i, name];
    const earlier = steps[i - 1];
    if (earlier && afterSeconds < earlier.afterSeconds) {
      fault(at('afterSeconds'), `is before step ${i} (${earlier.afterSeconds} seconds); list the steps in their order`);
    }
    if (onDeadline !== OnDeadline.STAY_OPEN && afterSeconds > onDeadlineAfterSeconds) {
      const when = `onDeadline answers the item after ${onDeadlineAfterSeconds} seconds (onDeadlineAfterSeconds)`;
      fault(at('afterSeconds'), `is never reached: ${when}`);
    }
    if (queue === key) fault(at('queue'), 'is the queue itself');
    if (steps.some((step, j) => j < i && step.action === DeadlineAction.HAND_OVER)) {
      fault(at('action'), 'is never reached: a step before it hands the item over');
    }
    if (action === DeadlineAction.WIDEN && steps.some((step, j) => j < i && step.action === action)) {
      fault(at('action'), 'comes a second time; once widened, an item stays so');
    }
    fault(at('afterSeconds'), tooLong(hours, afterSeconds));
  });
  fault(['slaSeconds'], tooLong(hours, rules.slaSeconds));
  fault(['onDeadlineAfterSeconds'], tooLong(hours, onDeadlineAfterSeconds));
}
