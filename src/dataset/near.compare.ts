import type { Queryable } from '../database/database.js';
import type { NewEvent } from '../log/event.js';
import { featuresOf } from './near.features.js';
import { NEAR_PERCENT, signatureOf, similarity, type Signature } from './near.signature.js';
import { likeInputs, putBands, putInputs, putPairs } from './near.sql.js';
import type { Content } from './content.js';

/** Pairs that are kept of one new input: the most similar. */
const MOST_PAIRS = 10;

/** A case that is there now. */
export interface Promoted {
  readonly datasetId: string;
  readonly caseId: string;
  readonly itemId: string;
  readonly inputHash: string;
  readonly input: Content;
}

interface NewInput {
  readonly no: string;
  readonly datasetId: string;
  readonly inputHash: string;
  readonly signature: Signature;
}

interface Like {
  readonly newer: string;
  readonly older: string;
  readonly datasetId: string;
  readonly signature: Buffer | null;
}

interface Pair {
  readonly newer: string;
  readonly older: string;
  readonly percent: number;
}

/**
 * Compares the inputs of cases that were just made with all others of their dataset, and remembers which are almost the
 * same. Cases with exactly the same input share one comparison. Returns what the log should say.
 */
export async function compareInputs(
  tx: Queryable,
  projectId: number,
  promoted: readonly Promoted[],
): Promise<NewEvent[]> {
  const fresh = await register(tx, projectId, promoted);
  if (fresh.length === 0) return [];
  const bands = fresh.flatMap(({ no, signature }) => signature.bands.map((band) => ({ band, no })));
  const column = [bands.map(({ band }) => band), bands.map(({ no }) => no)];
  await tx.query(putBands, [projectId, ...column]);
  const likes = await tx.query<Like & object>(likeInputs, [projectId, ...column]);
  const pairs = fresh.map((input) => ({ input, near: nearest(input, likes) })).filter(({ near }) => near.length > 0);
  const flat = pairs.flatMap(({ input, near }) => near.map((pair) => ({ ...pair, datasetId: input.datasetId })));
  await tx.query(putPairs, [
    projectId,
    flat.map(({ datasetId }) => datasetId),
    flat.map(({ older }) => older),
    flat.map(({ newer }) => newer),
    flat.map(({ percent }) => percent),
  ]);
  return pairs.flatMap(({ input, near }) => {
    const found = promoted.find((one) => one.datasetId === input.datasetId && one.inputHash === input.inputHash);
    if (!found) return [];
    const { datasetId, caseId, itemId } = found;
    const data = { datasetId, caseId, pairs: near.length, similarity: (near[0]?.percent ?? 0) / 100 };
    return [{ projectId, kind: 'CASE_NEAR_IDENTICAL', actor: 'system', itemId, data }];
  });
}

/** The inputs that no case had before. */
async function register(tx: Queryable, projectId: number, promoted: readonly Promoted[]): Promise<NewInput[]> {
  const known = new Set<string>();
  const distinct = promoted.flatMap((one) => {
    const key = `${one.datasetId} ${one.inputHash}`;
    if (known.has(key)) return [];
    known.add(key);
    const signature = signatureOf(featuresOf(one.input), one.datasetId);
    return [{ key, datasetId: one.datasetId, inputHash: one.inputHash, signature }];
  });
  if (distinct.length === 0) return [];
  const stored = await tx.query<Omit<NewInput, 'signature'> & object>(putInputs, [
    projectId,
    distinct.map(({ datasetId }) => datasetId),
    distinct.map(({ inputHash }) => inputHash),
    distinct.map(({ signature }) => signature?.bytes ?? null),
  ]);
  const signatures = new Map(distinct.map(({ key, signature }) => [key, signature]));
  return stored.flatMap((row) => {
    const signature = signatures.get(`${row.datasetId} ${row.inputHash}`);
    return signature ? [{ ...row, signature }] : [];
  });
}

function nearest({ no, datasetId, signature }: NewInput, likes: readonly Like[]): Pair[] {
  return likes
    .filter((like) => like.newer === no && like.datasetId === datasetId)
    .flatMap(({ newer, older, signature: other }) =>
      other ? [{ newer, older, percent: similarity(signature.bytes, other) }] : [],
    )
    .filter(({ percent }) => percent >= NEAR_PERCENT)
    .sort((a, b) => b.percent - a.percent)
    .slice(0, MOST_PAIRS);
}
