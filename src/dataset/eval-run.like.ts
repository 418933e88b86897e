import { setImmediate as breathe } from 'node:timers/promises';

import { contentOf, type Json } from './content.js';
import { featuresOf } from './near.features.js';
import { NEAR_PERCENT, signatureOf, similarity } from './near.signature.js';

export const MOST_RAISED = 100;
/** Where a waiting item is raised to. People and applications keep 8 and 9 for themselves. */
export const HIGHEST_LEVEL = 7;
const CATEGORY_LEVEL = 5;
const AT_ONCE = 50;

/** A case that failed. */
export interface FailedCase {
  readonly groupKey: string | null;
  readonly source: string;
  readonly reasons: readonly string[];
  readonly labels: Json;
  readonly signature: Buffer | null;
}

/** An item that waits; `input` only where `hasInput`. */
export interface WaitingItem {
  readonly id: string;
  readonly priority: number;
  readonly groupKey: string | null;
  readonly source: string;
  readonly reasons: readonly string[];
  readonly tags: readonly string[];
  readonly input: Json;
  readonly hasInput: boolean | null;
}

export interface Raise {
  readonly itemId: string;
  readonly level: number;
  readonly because: 'SAME_GROUP' | 'NEAR_INPUT' | 'SAME_CATEGORY';
}

/**
 * Which waiting items are like a case that failed, and so should be looked at sooner.
 *
 * Same group key, or an input that is almost the same: to priority 7. The same source, and a flag reason or tag that is
 * one of the failed case's flag reasons or labels: to priority 5. A level and no step, so that a run that is red every
 * hour raises no further; nothing is ever lowered. At most 100 items for one run, the surest ones, then the newest.
 */
export async function likeOf(
  failed: readonly FailedCase[],
  waiting: readonly WaitingItem[],
  datasetId: string,
): Promise<Raise[]> {
  const groups = new Set(failed.flatMap(({ groupKey }) => groupKey ?? []));
  const categories = new Set(failed.flatMap(categoriesOf));
  const signatures = failed.flatMap(({ signature }) => signature ?? []);
  const isNear = ({ input, hasInput }: WaitingItem) => {
    const own = hasInput && signatures.length > 0 ? signatureOf(featuresOf(contentOf(input)), datasetId) : null;
    return own !== null && signatures.some((other) => similarity(own.bytes, other) >= NEAR_PERCENT);
  };
  const raises: Raise[] = [];
  for (const [i, item] of waiting.entries()) {
    // A thousand inputs take a moment: others get their turn in between.
    if (i % AT_ONCE === AT_ONCE - 1) await breathe();
    const because =
      item.groupKey !== null && groups.has(item.groupKey)
        ? 'SAME_GROUP'
        : isNear(item)
          ? 'NEAR_INPUT'
          : [...item.reasons, ...item.tags].some((word) => categories.has(categoryOf(item.source, word)))
            ? 'SAME_CATEGORY'
            : null;
    const level = because === 'SAME_CATEGORY' ? CATEGORY_LEVEL : HIGHEST_LEVEL;
    if (because && item.priority < level) raises.push({ itemId: item.id, level, because });
  }
  return raises.sort((a, b) => b.level - a.level).slice(0, MOST_RAISED);
}

function categoriesOf({ source, reasons, labels }: FailedCase): string[] {
  const values = labels !== null && typeof labels === 'object' ? Object.values(labels).flat() : [];
  const words = values.filter((value) => typeof value === 'string');
  return [...reasons, ...words].map((word) => categoryOf(source, word));
}

function categoryOf(source: string, word: string): string {
  return JSON.stringify([source, word]);
}
