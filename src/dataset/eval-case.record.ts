import { createHash } from 'node:crypto';

import canonicalizeModule from 'canonicalize';

import { contentOf, type Content, type Json } from './content.js';
import type { Split } from './split.js';

// The package's types describe a default export that its CommonJS build does not have.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

export const recordSchema = 'countersign.eval_case/1';

/** How a suite can tell right from wrong. A closed list: nothing from the data ever becomes a kind of check. */
export const assertionKinds = ['exact', 'contains', 'not_contains', 'regex', 'json_equal', 'choice', 'rubric'] as const;

export interface Assertion {
  readonly kind: (typeof assertionKinds)[number];
  /** Left out, the expected output itself is compared. */
  readonly value?: Json;
  readonly threshold?: number;
  readonly weight?: number;
}

/** What the output should have been. A check that names no value of its own takes the alternatives for right as well. */
export type Expected = Content & { readonly alternatives?: readonly Content[] };

/** The canonical eval case; every format is a projection of it. A property that does not apply is absent, never null. */
export interface EvalCaseRecord {
  readonly schema: typeof recordSchema;
  /** UUIDv7, the same for the life of the case. */
  readonly id: string;
  /** From 1; a new one when the content changes. */
  readonly revision: number;
  /** SHA-256 over the RFC 8785 form of schema, input, expected and assertions. */
  readonly content_hash: string;
  readonly input: Content;
  /** What the system had in front of it: retrieved passages, tool results. */
  readonly context?: readonly Json[];
  /** What the output should have been. Absent when nobody said; that is not the same as an empty text. */
  readonly expected?: Expected;
  /** What production answered. */
  readonly observed: Content;
  readonly verdict: string;
  readonly assertions: readonly Assertion[];
  readonly tags: readonly string[];
  readonly split: Split;
  readonly group_key: string;
  readonly provenance: Readonly<Record<string, Json>>;
}

/** What decides whether two revisions say the same. */
export type CaseContent = Pick<EvalCaseRecord, 'schema' | 'input' | 'expected' | 'assertions'>;

/** `expected` undefined means that there is none; null is a value like any other. */
export function caseContent(input: Json, expected: Json | undefined): CaseContent {
  const wanted = expected === undefined ? undefined : contentOf(expected);
  return {
    schema: recordSchema,
    input: contentOf(input),
    ...(wanted && { expected: wanted }),
    assertions: wanted ? [{ kind: wanted.kind === 'text' ? 'exact' : 'json_equal' }] : [],
  };
}

/** SHA-256, 64 lower-case hexadecimal digits. */
export function contentHash({ schema, input, expected, assertions }: CaseContent): string {
  return jsonHash({ schema, input, ...(expected && { expected }), assertions });
}

/** SHA-256 over the RFC 8785 form of a value: 64 lower-case hexadecimal digits. */
export function jsonHash(value: unknown): string {
  const canonical = canonicalize(value);
  if (canonical === undefined) throw new TypeError('A value of an eval case has no canonical JSON form.');
  return createHash('sha256').update(canonical).digest('hex');
}

/**
 * The record as one line of JSON. The characters that some programs take for the end of a line (U+0085, U+2028,
 * U+2029) are written as escapes, which every JSON reader turns back.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0085\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
