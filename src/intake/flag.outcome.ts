import { Refusal } from '../errors.js';
import { Evidence } from '../item/evidence.entity.js';
import { ReviewItem } from '../item/item.entity.js';
import { ItemStatus } from '../item/item.lifecycle.js';
import { IntakeDecision } from '../project/intake-decision.js';
import type { FlagInput } from './flag.input.js';
import type { FlagOutputPayload } from './flag.payload.js';
import type { FlagRow, StoredRow } from './flag.sql.js';
import type { Written } from './flag.writer.js';

/** What each row of one call is answered: added, known already, in conflict with what is known, or refused. */
export function settle(
  projectId: number,
  rows: readonly FlagRow[],
  written: readonly Written[],
  inputs: readonly FlagInput[],
): (FlagOutputPayload | Error)[] {
  const passed = new Set<string>();
  return rows.map((row, i) => {
    const stored = written[i]!;
    if (stored instanceof Error) return stored;
    // A queue that does not exist is no matter when the id is known; but it is when only a later row made it known.
    const hasNowhereToGo = row.itemId !== null && stored.queue_id === null;
    if (stored.hash === null || (hasNowhereToGo && stored.is_new)) return unstored(row, stored);
    if (row.itemId !== null && stored.item_id === row.itemId) return added(projectId, row, stored, inputs[i]!);
    // A PASS has no id that would prove who stored it: of equal ones in a batch the first did.
    const isFirstPass = row.itemId === null && stored.is_new && !passed.has(row.externalId);
    passed.add(row.externalId);
    if (isFirstPass && stored.hash === row.contentHash) return passedNow(row);
    if (stored.hash === row.contentHash) return knownAlready(stored);
    return new Refusal(
      'DUPLICATE_CONFLICT',
      `externalId ${JSON.stringify(row.externalId)} was flagged before with other content. Give another output another id.`,
      { itemId: stored.item_id },
    );
  });
}

function unstored(row: FlagRow, stored: StoredRow): Error {
  if (row.itemId === null || stored.queue_id !== null) return new Error('a flag was neither added nor found');
  return new Refusal('INVALID_INPUT', `queue: there is no queue ${JSON.stringify(row.queue)} in this project.`);
}

function passedNow({ rule }: FlagRow): FlagOutputPayload {
  return { decision: IntakeDecision.PASS, duplicate: false, rule, itemId: null, item: null };
}

function knownAlready(stored: StoredRow): FlagOutputPayload {
  const { decision, rule, item_id: itemId } = stored;
  return { decision: decision ?? IntakeDecision.REVIEW, duplicate: true, rule, itemId, item: null };
}

/** The item as it was stored a moment ago, without reading it back. */
function added(projectId: number, row: FlagRow, stored: StoredRow, input: FlagInput): FlagOutputPayload {
  const { seen, rule, policyVersion, groupKey, traceId, priority } = row;
  const id = row.itemId ?? '';
  const item = Object.assign(new ReviewItem(), {
    projectId,
    id,
    externalId: row.externalId,
    queueId: stored.queue_id ?? '',
    source: seen.source,
    model: seen.model,
    prompt: seen.prompt,
    confidence: seen.confidence,
    risk: seen.risk,
    reasons: [...seen.reasons],
    signals: [...seen.signals],
    tags: [...seen.tags],
    groupKey,
    traceId,
    priority,
    dueAt: stored.due_at,
    rank: stored.rank ?? '',
    storedStatus: ItemStatus.OPEN as const,
    status: ItemStatus.OPEN,
    reviewsRequired: stored.reviews_required ?? 1,
    reviewsDone: 0,
    policyVersion,
    rule,
    createdAt: stored.created_at,
    resolvedAt: null,
    evidence: Object.assign(new Evidence(), {
      projectId,
      itemId: id,
      input: input.input,
      output: input.output,
      context: [...(input.context ?? [])],
      metadata: input.metadata ?? null,
    }),
  });
  return { decision: IntakeDecision.REVIEW, duplicate: false, rule, itemId: id, item };
}
