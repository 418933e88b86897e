import { asText, valueOf, type Content, type Json } from '../content.js';
import type { EvalCaseRecord } from '../eval-case.record.js';
import type { ExportInfo, StoredCase } from './format.js';

export const NO_EXPECTED = 'no expected output';
export const RETRACTED = 'retracted';

/** The record of a case; null when the case was retracted. */
export function recordOf({ record, parsed }: StoredCase): EvalCaseRecord | null {
  return parsed ?? (record === null ? null : (JSON.parse(record) as EvalCaseRecord));
}

/**
 * Everything of a case that is neither input nor expected output, for formats that keep any JSON beside a case. The
 * names are the same in all of them: those of the canonical record, `case_id` for `id`, and `*_kind` (text, messages,
 * json), which tell a text that looks like JSON from a value.
 */
export function metadataOf(record: EvalCaseRecord): Record<string, Json> {
  const { id, input, expected, observed, context, assertions, ...rest } = record;
  return {
    case_id: id,
    ...rest,
    assertions: assertions as unknown as Json,
    ...alternativesOf(record),
    input_kind: input.kind,
    ...(expected && { expected_kind: expected.kind }),
    observed_kind: observed.kind,
    observed: valueOf(observed),
    ...(context && { context }),
  };
}

/** The same for formats that keep strings only; what has structure stands as JSON text. */
export function textMetadataOf(record: EvalCaseRecord): Record<string, string> {
  const { id, revision, content_hash: hash, split, verdict, input, expected, observed, context, ...rest } = record;
  return {
    case_id: id,
    revision: String(revision),
    content_hash: hash,
    split,
    verdict,
    input_kind: input.kind,
    ...(expected && { expected_kind: expected.kind }),
    observed_kind: observed.kind,
    observed: asText(observed),
    ...(context && { context_json: JSON.stringify(context) }),
    record_json: JSON.stringify({ ...rest, ...alternativesOf(record) }),
  };
}

/** What is right as well as the expected output, for wherever the rest of a case stands; nothing where there is none. */
export function alternativesOf({ expected }: EvalCaseRecord): { readonly alternatives?: Json } {
  return expected?.alternatives ? { alternatives: expected.alternatives as unknown as Json } : {};
}

/** Tags without repeats: where a format takes a set. The list as it was stands in the metadata. */
export function tagSet(record: EvalCaseRecord): string[] {
  return [...new Set(record.tags)];
}

/** Whether a top-level null stands where a format takes null for nothing. */
export function isNull(content: Content | undefined): boolean {
  return content?.kind === 'json' && content.value === null;
}

/** Whether any string of the value, keys included, holds the mark. */
export function holds(value: Json, mark: string): boolean {
  if (typeof value === 'string') return value.includes(mark);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some((element) => holds(element as Json, mark));
  return Object.entries(value).some(([key, element]) => key.includes(mark) || holds(element as Json, mark));
}

/** The dataset and its snapshot in words. */
export function nameOf({ dataset, snapshot }: ExportInfo): string {
  return snapshot === null ? dataset : `${dataset} snapshot ${snapshot}`;
}
