import type { Message } from '../content.js';
import { NO_EXPECTED, recordOf, RETRACTED } from './metadata.js';
import type { StoredCase } from './format.js';

export interface Chat {
  readonly prompt: readonly Message[];
  /** What production answered. */
  readonly observed: string;
  /** What reviewers signed; null when nobody said. */
  readonly expected: string | null;
  /** Whether what production answered is right as well. */
  readonly isRight: boolean;
  readonly verdict: string;
}

const roles = new Set(['system', 'user', 'assistant']);

/**
 * A case as something to train on: text only, and only of the train split, because what a model has been trained on
 * tells nothing when it is tested with it. Training files have no place for context, so a case with one is left out:
 * its answer would be taught without what it rests on.
 */
export function chatOf(stored: StoredCase): { readonly chat: Chat } | { readonly skipped: string } {
  const record = recordOf(stored);
  if (!record) return { skipped: RETRACTED };
  if (stored.split !== 'train') return { skipped: 'not in the train split' };
  const { input, context, expected, observed, verdict } = record;
  if (context) return { skipped: 'context, for which a training file has no place' };
  if (input.kind === 'json') return { skipped: 'the input is JSON, not text or messages' };
  if (observed.kind !== 'text' || (expected && expected.kind !== 'text')) {
    return { skipped: 'an answer that is JSON, not text' };
  }
  const prompt: readonly Message[] = input.kind === 'text' ? [{ role: 'user', content: input.text }] : input.messages;
  if (!prompt.every(({ role }) => roles.has(role))) return { skipped: 'a message of role developer or tool' };
  if (prompt.at(-1)?.role !== 'user') return { skipped: 'a conversation that does not end with the user' };
  if (prompt.some(({ content }) => content === '')) return { skipped: 'an empty message' };
  const isRight = expected?.alternatives?.some((one) => one.kind === 'text' && one.text === observed.text) ?? false;
  return { chat: { prompt, observed: observed.text, expected: expected?.text ?? null, isRight, verdict } };
}

/** The answer to prefer and the one not to; a pair exists only where reviewers corrected. */
export function pairOf({
  observed,
  expected,
  isRight,
  verdict,
}: Chat): { readonly chosen: string; readonly rejected: string } | { readonly skipped: string } {
  if (verdict === 'CONFIRMED') return { skipped: 'confirmed: there is no rejected answer' };
  if (expected === null) return { skipped: NO_EXPECTED };
  if (expected === '' || observed === '') return { skipped: 'an empty answer' };
  if (expected === observed) return { skipped: 'the corrected answer is the same as the observed one' };
  if (isRight) return { skipped: 'the observed answer is right as well' };
  return { chosen: expected, rejected: observed };
}

export function answer(content: string): Message[] {
  return [{ role: 'assistant', content }];
}
