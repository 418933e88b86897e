import type { Failure } from './sender.js';

type Kind = 'added' | 'replaced' | 'unchanged' | 'archived' | 'retractedThere' | 'notInSnapshot' | 'foreign';

const MOST_SHOWN = 20;

/** What became of all cases, for the summary. */
export class PushTally {
  private readonly counts = new Map<Kind, number>();
  private readonly skipped = new Map<string, number>();
  private readonly failures: Failure[] = [];

  count(kind: Kind, by = 1): void {
    this.counts.set(kind, this.get(kind) + by);
  }

  skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  fail(failures: readonly Failure[]): void {
    this.failures.push(...failures);
  }

  get hasFailures(): boolean {
    return this.failures.length > 0;
  }

  get hasBegun(): boolean {
    return this.get('added') + this.get('replaced') > 0;
  }

  summary(what: string, system: string): string {
    const skipped = [...this.skipped.values()].reduce((sum, count) => sum + count, 0);
    const [added, replaced] = [this.get('added'), this.get('replaced')];
    const parts = [
      `${added + replaced} pushed (${added} new, ${replaced} replaced)`,
      `${this.get('unchanged')} unchanged`,
      `${skipped} skipped`,
      `${this.failures.length} failed`,
    ];
    const more = this.failures.length - MOST_SHOWN;
    const lines = [
      `${what}: ${parts.join(', ')}`,
      ...[...this.skipped].map(([reason, count]) => `  skipped: ${count}, ${reason}`),
      ...this.failures.slice(0, MOST_SHOWN).map(({ caseId, reason }) => `  failed: ${caseId}: ${reason}`),
      ...(more > 0 ? [`  failed: … and ${more} more`] : []),
      ...this.note('archived', 'retracted here, archived there'),
      ...this.note('retractedThere', `retracted here, still in ${system}: nothing is deleted there`),
      ...this.note('notInSnapshot', 'there and not in this snapshot, left as they are'),
      ...this.note('foreign', 'there from other datasets, left as they are'),
    ];
    return `${lines.join('\n')}\n`;
  }

  private note(kind: Kind, text: string): string[] {
    const count = this.get(kind);
    return count > 0 ? [`  ${text}: ${count}`] : [];
  }

  private get(kind: Kind): number {
    return this.counts.get(kind) ?? 0;
  }
}
