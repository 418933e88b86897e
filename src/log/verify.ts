import type { Queryable } from '../database/database.js';
import { chainHash, GENESIS } from './chain.js';

/** The first thing that is wrong with a log, and the place. */
export interface ChainFault {
  readonly seq: number;
  readonly problem: string;
}

export interface ChainReport {
  /** Events that were checked, from `oldest` on. */
  readonly events: number;
  readonly oldest: number;
  readonly head: number;
  /** Hex. Written down elsewhere, it later proves that everything up to `head` is what it was. */
  readonly headHash: string;
  readonly fault: ChainFault | null;
}

interface StoredRow {
  seq: string;
  kind: string;
  actor: string;
  item_id: string | null;
  queue_id: string | null;
  data: string;
  at_micros: string;
  hash: Buffer;
}

interface Head {
  seq: number;
  hash: Buffer;
  oldest: number;
  base: Buffer;
}

const PAGE_SIZE = 2_000;

/**
 * Recomputes the chain of one project's log from its oldest kept event to its head: every hash, every place, both ends.
 * Run it in one REPEATABLE READ transaction, or what arrives meanwhile looks like a fault.
 *
 * Known limit: whoever can write every table can write a whole new chain. Only a hash kept elsewhere shows that.
 */
export async function verifyChain(
  tx: Queryable,
  projectId: number,
  onProgress: (seq: number, head: number) => void = () => {},
): Promise<ChainReport> {
  const head = await readHead(tx, projectId);
  let seq = head.oldest - 1;
  let hash = head.base;
  const report = (fault: ChainFault | null): ChainReport => {
    return {
      events: seq - head.oldest + 1,
      oldest: head.oldest,
      head: head.seq,
      headHash: head.hash.toString('hex'),
      fault,
    };
  };
  for (let after = 0, rows: StoredRow[] = []; ; after = Number(rows.at(-1)!.seq)) {
    rows = await readPage(tx, projectId, after);
    if (rows.length === 0) break;
    for (const row of rows) {
      const fault = placeFault(Number(row.seq), seq + 1, head);
      if (fault) return report(fault);
      hash = chainHash(hash, toChained(projectId, row));
      if (!hash.equals(row.hash)) return report({ seq: seq + 1, problem: 'does not match its hash' });
      seq += 1;
    }
    onProgress(seq, head.seq);
  }
  if (seq < head.seq) return report({ seq: seq + 1, problem: `is missing: the log goes on to ${head.seq}` });
  if (!hash.equals(head.hash)) return report({ seq, problem: 'is not what the head of the log says' });
  return report(null);
}

function placeFault(seq: number, expected: number, head: Head): ChainFault | null {
  if (seq < expected) return { seq, problem: `stands before the oldest kept event, ${head.oldest}` };
  if (seq > head.seq) return { seq, problem: `stands behind the head of the log, ${head.seq}` };
  if (seq > expected) return { seq: expected, problem: 'is missing' };
  return null;
}

async function readHead(tx: Queryable, projectId: number): Promise<Head> {
  const [row] = await tx.query<{ seq: string; hash: Buffer; oldest: string; base: Buffer }>(
    `SELECT h.seq::text AS seq, h.hash, h.oldest_seq::text AS oldest, h.base_hash AS base
       FROM log_head h WHERE h.project_id = $1`,
    [projectId],
  );
  if (!row) return { seq: 0, hash: GENESIS, oldest: 1, base: GENESIS };
  const base = Number(row.oldest) === 1 ? GENESIS : row.base;
  return { seq: Number(row.seq), hash: row.hash, oldest: Number(row.oldest), base };
}

function readPage(tx: Queryable, projectId: number, after: number): Promise<StoredRow[]> {
  return tx.query<StoredRow>(
    `SELECT e.seq::text AS seq, e.kind, e.actor, e.item_id, e.queue_id, e.data::text AS data,
            (extract(epoch FROM e.at) * 1000000)::bigint::text AS at_micros, e.hash
       FROM event e WHERE e.project_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
    [projectId, after, PAGE_SIZE],
  );
}

function toChained(projectId: number, row: StoredRow) {
  return {
    projectId,
    seq: Number(row.seq),
    kind: row.kind,
    actor: row.actor,
    itemId: row.item_id,
    queueId: row.queue_id,
    data: row.data,
    atMicros: row.at_micros,
  };
}
