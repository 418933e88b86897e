import { contentOf } from './content.js';
import { caseContent, contentHash, jsonHash, type CaseContent } from './eval-case.record.js';
import { lacks, type Bar } from './promote.bar.js';
import { expectedOf, type Source } from './promote.record.js';

/** What should become of an item in a dataset, seen by itself: nothing, waiting for a person, or a case. */
export interface Judgement {
  readonly source: Source;
  readonly state: 'OUT' | 'QUARANTINE' | 'CASE';
  /** What it lacks; only in quarantine. */
  readonly reasons: readonly string[];
  readonly inputHash: string | null;
  /** Null where nothing is to become of it. */
  readonly made: Made | null;
}

export interface Made {
  readonly content: CaseContent;
  readonly contentHash: string;
  /** Of the content without what a manager edited. */
  readonly baseHash: string;
  /** Hashes of what is taken for right; none when nobody said. */
  readonly answers: readonly string[];
}

/** Null when its item is not at an end, so that what there is stays. */
export function judge(source: Source, bar: Bar): Judgement | null {
  // Also what was resolved and is disputed again: a suite should not insist on it meanwhile.
  if (source.status === 'WITHDRAWN' || source.status === 'NEEDS_ADJUDICATION') return out(source, source.inputHash);
  if (source.status !== 'RESOLVED' || source.verdict === null) return null;
  const base = caseContent(source.input, expectedOf(source));
  const baseHash = contentHash(base);
  const inputHash = jsonHash(base.input);
  const ruling = source.ruling?.baseHash === baseHash ? source.ruling : null;
  if (ruling?.kind === 'DROPPED') return out(source, inputHash);
  // Edits of the answer are about that answer, those of tags are not; what no longer holds is not told either.
  const edit = source.edit && source.edit.baseHash !== baseHash ? tagsOnly(source.edit) : source.edit;
  const current = { ...source, ruling, edit };
  const made = make(current, base, baseHash);
  const reasons = isKnown(source, baseHash) || ruling ? [] : lacks(bar, factsOf(source, source.verdict));
  return { source: current, state: reasons.length > 0 ? 'QUARANTINE' : 'CASE', reasons, inputHash, made };
}

/** A case that is there and says the same: a bar is not put to it again. */
function isKnown(source: Source, baseHash: string): boolean {
  return source.isRetracted === false && (source.caseBaseHash ?? source.contentHash) === baseHash;
}

function out(source: Source, inputHash: string | null): Judgement {
  return { source, state: 'OUT', reasons: [], inputHash, made: null };
}

function tagsOnly(edit: NonNullable<Source['edit']>): Source['edit'] {
  return edit.tags && { ...edit, assertions: null, alternatives: null };
}

function factsOf(source: Source, verdict: string) {
  return {
    verdict,
    agreement: source.agreementValue,
    reviewers: new Set(source.reviews.map((review) => review.memberId)).size,
    isAdjudicated: source.resolvedBy === 'ADJUDICATION',
  };
}

function make({ edit }: Source, base: CaseContent, baseHash: string): Made {
  const alternatives = (edit?.alternatives ?? []).map(contentOf);
  const content: CaseContent = {
    ...base,
    ...(base.expected && alternatives.length > 0 && { expected: { ...base.expected, alternatives } }),
    assertions: edit?.assertions?.length ? edit.assertions : base.assertions,
  };
  const answers = base.expected ? [base.expected, ...alternatives].map(jsonHash) : [];
  return { content, contentHash: contentHash(content), baseHash, answers: [...new Set(answers)] };
}
