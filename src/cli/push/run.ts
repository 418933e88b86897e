import type { PushProgress } from './progress.js';
import type { Encoded } from './rows.js';
import type { PushSender } from './sender.js';
import { BATCH_BYTES, type Held, type PushTarget, type Remote, type Row } from './target.js';
import type { PushTally } from './tally.js';

interface Rules {
  /** The dataset's key here. */
  readonly dataset: string;
  /** Whether what is there in another revision is replaced, and what was retracted here archived. */
  readonly isUpsert: boolean;
  /** An older state says nothing of cases that came later. */
  readonly isSnapshot: boolean;
}

/**
 * Makes a dataset of another system hold the cases of ours, and deletes nothing.
 *
 * What is there is read first: it alone says where an earlier push ended, so there is no file to keep and none to lose. A
 * push that was cut, or is repeated, sends what is missing; cases that are there as they should be are not sent. Known
 * limit: of each case there a few words are held in memory.
 */
export class PushRun {
  private held = new Map<string, Held>();
  private added: Row[] = [];
  private changed: Row[] = [];
  private bytes = 0;

  constructor(
    private readonly target: PushTarget,
    private readonly remote: Remote,
    private readonly sender: PushSender,
    private readonly to: { readonly tally: PushTally; readonly progress: PushProgress },
  ) {}

  async run(rows: AsyncIterable<Encoded>, rules: Rules): Promise<void> {
    await this.sender.ask(() => this.readHeld());
    for await (const encoded of rows) {
      if ('skipped' in encoded) this.skip(encoded);
      else await this.take(encoded.row, encoded.bytes, rules);
      this.to.progress.step();
    }
    await this.flush();
    await this.takeBack(rules);
  }

  /** From the beginning at every try: a list that was cut says nothing of its end. */
  private async readHeld(): Promise<void> {
    this.held.clear();
    for await (const one of this.remote.list()) this.held.set(one.caseId, one);
  }

  private skip({ caseId, skipped }: { readonly caseId: string; readonly skipped: string }): void {
    this.held.delete(caseId);
    this.to.tally.skip(skipped);
  }

  private async take(row: Row, bytes: number, { isUpsert }: Rules): Promise<void> {
    const there = this.held.get(row.caseId);
    this.held.delete(row.caseId);
    const { tally } = this.to;
    const isSame = there?.revision === row.revision && there.contentHash === row.contentHash && !there.isArchived;
    if (isSame) return tally.count('unchanged');
    if (there && !isUpsert) return tally.skip('there already in another revision; --mode upsert replaces it');
    const isFull = this.bytes + bytes > BATCH_BYTES || this.added.length + this.changed.length >= this.target.batchRows;
    if (isFull) await this.flush();
    (there ? this.changed : this.added).push(row);
    this.bytes += bytes;
  }

  private async flush(): Promise<void> {
    const { added, changed } = this;
    [this.added, this.changed, this.bytes] = [[], [], 0];
    const batches = [
      ['added', added, (rows: readonly Row[]) => this.remote.add(rows)],
      ['replaced', changed, (rows: readonly Row[]) => this.remote.replace(rows)],
    ] as const;
    for (const [kind, rows, send] of batches) {
      if (rows.length === 0) continue;
      const failures = await this.sender.send(rows, send);
      this.to.tally.count(kind, rows.length - failures.length);
      this.to.tally.fail(failures);
    }
  }

  /** What is there and was not among the cases. */
  private async takeBack({ dataset, isUpsert, isSnapshot }: Rules): Promise<void> {
    const rest = [...this.held.values()].filter((one) => !one.isArchived);
    const own = rest.filter((one) => one.dataset === dataset);
    const { tally } = this.to;
    tally.count('foreign', rest.length - own.length);
    if (isSnapshot) return tally.count('notInSnapshot', own.length);
    if (!this.remote.archive || !isUpsert) return tally.count('retractedThere', own.length);
    for (let i = 0; i < own.length; i += this.target.batchRows) {
      const part = own.slice(i, i + this.target.batchRows);
      await this.sender.ask(async () => this.remote.archive?.(part));
      tally.count('archived', part.length);
    }
  }
}
