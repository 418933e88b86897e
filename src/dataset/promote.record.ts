import { createHmac } from 'node:crypto';

import { contentOf, type Json } from './content.js';
import { contentHash, jsonLine, type Assertion, type CaseContent } from './eval-case.record.js';
import type { Split } from './split.js';

/** What a manager decided about one content of an item; it does not outlive that content. */
interface Decision {
  readonly baseHash: string;
  readonly actor: string;
  /** As the database writes it in JSON. */
  readonly at: string;
}

export interface Ruling extends Decision {
  readonly kind: 'ADMITTED' | 'DROPPED';
  readonly reason: string;
}

/** Null leaves what the item says. Tags say nothing of the answer and stay when it changes. */
export interface Edit extends Decision {
  readonly tags: readonly string[] | null;
  readonly assertions: readonly Assertion[] | null;
  readonly alternatives: readonly Json[] | null;
}

interface SourceReview {
  readonly id: string;
  readonly memberId: string;
  readonly verdict: string;
  readonly rubricVersion: number;
}

/** An item with its evidence and resolution, as one dataset that it feeds sees it. */
export interface Source {
  readonly datasetId: string;
  readonly itemId: string;
  readonly status: string;
  readonly caseId: string | null;
  readonly revision: number | null;
  readonly contentHash: string | null;
  readonly isRetracted: boolean | null;
  readonly caseBaseHash: string | null;
  readonly caseTags: readonly string[] | null;
  readonly inputHash: string | null;
  readonly holdKind: 'QUARANTINE' | 'CONFLICT' | 'DUPLICATE' | null;
  readonly holdReasons: readonly string[] | null;
  readonly holdBaseHash: string | null;
  readonly ruling: Ruling | null;
  readonly edit: Edit | null;
  readonly split: Split | null;
  readonly caseGroupKey: string | null;
  readonly queueKey: string;
  readonly externalId: string;
  readonly source: string;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  readonly promptName: string | null;
  readonly promptVersion: string | null;
  readonly confidence: number | null;
  readonly risk: string | null;
  readonly reasons: readonly string[];
  readonly signals: Json;
  readonly tags: readonly string[];
  readonly groupKey: string | null;
  readonly traceId: string | null;
  readonly policyVersion: number | null;
  readonly rule: string | null;
  readonly flaggedAt: Date;
  readonly input: Json;
  readonly output: Json;
  readonly context: readonly Json[];
  readonly verdict: string | null;
  readonly hasCorrection: boolean;
  readonly correction: Json;
  readonly labels: Json;
  readonly resolvedBy: string;
  readonly decidedBy: string | null;
  readonly agreementMetric: string | null;
  readonly agreementValue: number | null;
  readonly resolvedAt: Date;
  readonly reviews: readonly SourceReview[];
}

/** What the output should have been; undefined when it was rejected and nobody said. */
export function expectedOf(source: Source): Json | undefined {
  if (source.verdict === 'CONFIRMED') return source.output;
  return source.hasCorrection ? source.correction : undefined;
}

export function tagsOf(source: Source): readonly string[] {
  return source.edit?.tags ?? source.tags;
}

/** Siblings share a key and so a split; an item without one stands alone. */
export function groupKeyOf(source: Source): string {
  return source.groupKey ?? source.itemId;
}

/** The whole record as the line that is exported, its properties always in this order. */
export function recordLine(
  source: Source,
  content: CaseContent,
  place: { readonly id: string; readonly revision: number; readonly split: Split; readonly groupKey: string },
  salt: string,
): string {
  return jsonLine({
    schema: content.schema,
    id: place.id,
    revision: place.revision,
    content_hash: `sha256:${contentHash(content)}`,
    input: content.input,
    ...(source.context.length > 0 && { context: source.context }),
    ...(content.expected && { expected: content.expected }),
    observed: contentOf(source.output),
    verdict: source.verdict,
    assertions: content.assertions,
    tags: tagsOf(source),
    split: place.split,
    group_key: place.groupKey,
    provenance: provenance(source, salt),
  });
}

/** Where the case comes from. Who reviewed is told apart but not named, and differs from dataset to dataset. */
function provenance(source: Source, salt: string): Readonly<Record<string, unknown>> {
  const pseudonym = (id: string) => `r_${createHmac('sha256', salt).update(id).digest('hex').slice(0, 16)}`;
  // The same pseudonym whether somebody reviewed, admitted or edited.
  const decided = ({ actor, at }: Decision) => ({
    by: pseudonym(actor.replace(/^member:/, '')),
    at: new Date(at).toISOString(),
  });
  const rubricVersion = Math.max(0, ...source.reviews.map((review) => review.rubricVersion));
  return {
    source: source.source,
    queue: source.queueKey,
    item_id: source.itemId,
    external_id: source.externalId,
    ...(source.traceId !== null && { trace_id: source.traceId }),
    ...(source.modelName !== null && { model: { name: source.modelName, version: source.modelVersion } }),
    ...(source.promptName !== null && { prompt: { name: source.promptName, version: source.promptVersion } }),
    flagged_at: source.flaggedAt.toISOString(),
    flag_reasons: source.reasons,
    ...(source.confidence !== null && { confidence: source.confidence }),
    ...(source.risk !== null && { risk: source.risk }),
    signals: source.signals,
    ...(source.rule !== null && { policy: { version: source.policyVersion, rule: source.rule } }),
    ...(rubricVersion > 0 && { rubric_version: rubricVersion }),
    labels: source.labels,
    reviews: source.reviews.map(({ id, memberId, verdict }) => ({ id, reviewer: pseudonym(memberId), verdict })),
    ...(source.agreementMetric !== null && {
      agreement: { metric: source.agreementMetric, value: source.agreementValue },
    }),
    adjudicated: source.resolvedBy === 'ADJUDICATION',
    ...(source.decidedBy !== null && { adjudicator: pseudonym(source.decidedBy) }),
    resolved_by: source.resolvedBy,
    resolved_at: source.resolvedAt.toISOString(),
    ...(source.ruling?.kind === 'ADMITTED' && {
      admitted: { ...decided(source.ruling), reason: source.ruling.reason },
    }),
    ...(source.edit && { edited: decided(source.edit) }),
  };
}
