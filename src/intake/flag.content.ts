import { hash } from 'node:crypto';

import { canonical } from '../project/canonical.js';
import type { Seen } from '../project/condition.js';
import type { FlagInput } from './flag.input.js';

/** What the policy sees of an output, and what is kept of it even when it passes. Never the payload. */
export function seenOf(input: FlagInput): Seen {
  return {
    source: input.source,
    model: input.model ? { name: input.model.name, version: input.model.version } : null,
    prompt: input.prompt ? { name: input.prompt.name, version: input.prompt.version } : null,
    confidence: input.confidence ?? null,
    risk: input.risk ?? null,
    reasons: input.reasons ?? [],
    signals: input.signals?.map(({ name, value }) => ({ name, value })) ?? [],
    tags: input.tags ?? [],
  };
}

/** The payload as JSON text, ready to be stored. */
export interface PayloadText {
  readonly input: string;
  readonly output: string;
  readonly context: string;
  readonly metadata: string;
}

export function payloadText(input: FlagInput): PayloadText {
  return {
    input: JSON.stringify(input.input),
    output: JSON.stringify(input.output),
    context: JSON.stringify(input.context ?? []),
    metadata: JSON.stringify(input.metadata ?? null),
  };
}

export function bytesOf(payload: PayloadText): number {
  return Object.values<string>({ ...payload }).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/**
 * What makes a repeated flag the same: SHA-256, in hex, over the canonical JSON (RFC 8785) of the whole content. What
 * was left out counts as null, and a list that was left out as an empty one. Routing (queue, priority, dueAt) is not
 * content: an app that computes a deadline anew on each retry still repeats itself.
 */
export function contentHash(input: FlagInput, seen: Seen): string {
  const content = {
    ...seen,
    input: input.input,
    output: input.output,
    context: input.context ?? [],
    metadata: input.metadata ?? null,
    groupKey: input.groupKey ?? null,
    traceId: input.traceId ?? null,
  };
  return hash('sha256', canonical(content), 'hex');
}
