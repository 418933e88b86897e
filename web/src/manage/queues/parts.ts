import type { Fault } from '../use-plan.js';

/** The parts of the form, and which settings each holds. */
export const PARTS = [
  { id: 'part-queue', title: 'Queue', settings: ['key', 'name', 'instructions'] },
  { id: 'part-questions', title: 'Questions', settings: ['rubric'] },
  {
    id: 'part-reviews',
    title: 'Reviews',
    settings: [
      'reviewsRequired',
      'reviewsMax',
      'agreementBar',
      'leaseSeconds',
      'reviseWithinSeconds',
      'blind',
      'hidesSignals',
      'skipReasonRequired',
    ],
  },
  {
    id: 'part-people',
    title: 'People',
    settings: ['members', 'skills', 'relaxSkillsAfterSeconds', 'separateGroups'],
  },
  {
    id: 'part-deadlines',
    title: 'Deadlines',
    settings: ['slaSeconds', 'hours', 'deadlineSteps', 'onDeadline', 'onDeadlineAfterSeconds'],
  },
  { id: 'part-gold', title: 'Known answers', settings: ['goldRate', 'goldBar', 'goldMinimum'] },
] as const;

export type Part = (typeof PARTS)[number];

/** How much is wrong in a part. */
export function faultsIn({ settings }: Part, faults: Fault[]): number {
  return faults.filter(({ path }) => (settings as readonly unknown[]).includes(path[2])).length;
}
