import type { Reviewer, Witness } from './simulated-reviewer.js';

interface Queue {
  readonly key: string;
  readonly skills?: readonly string[];
  readonly reviewsRequired?: number;
}

interface Item {
  readonly queue: Queue;
  readonly place: number;
  readonly priority: number;
  readonly author: string | null;
  readonly isOverdue: boolean;
}

/** Sees every item that is given and every answer, and knows the rules by itself. */
export class Judge implements Witness {
  private readonly items = new Map<string, Item>();
  private readonly reviewsOf = new Map<string, Set<string>>();
  private readonly counts: Record<string, number> = {};
  private readonly found = { notTheirs: 0, overCapacity: 0, twice: 0, overRequired: 0, outOfOrder: 0 };
  /** How far offering has come in each queue, by rank, and how many were given since. */
  private readonly firstGiven = new Map<string, number[]>();
  private lastAnswerAt = Date.now();

  constructor(
    private readonly queues: readonly Queue[],
    private readonly reviewers: readonly Reviewer[],
  ) {}

  /** The item of that place as an app flags it; some overdue, some urgent, some written by a reviewer. */
  item(place: number): object {
    const queue = this.queues[place % this.queues.length]!;
    const externalId = `item ${place}`;
    const author = place % 7 === 0 ? this.reviewers[place % this.reviewers.length]!.name : null;
    const isOverdue = queue.key === 'rare' || place % 11 === 0;
    const priority = Math.floor(place / this.queues.length) % 10;
    this.items.set(externalId, { queue, place, priority, author, isOverdue });
    return {
      externalId,
      queue: queue.key,
      source: 'simulation',
      input: `in ${place}`,
      output: 'out',
      priority,
      ...(author && { authors: [author] }),
      ...(isOverdue && { dueAt: new Date(Date.now() - 60_000).toISOString() }),
    };
  }

  given(reviewer: Reviewer, { id, externalId }: { id: string; externalId: string }, holding: number): void {
    const item = this.items.get(externalId)!;
    this.count('given');
    if (holding > reviewer.capacity) this.found.overCapacity += 1;
    const isSkilled = (item.queue.skills ?? []).every((skill) => reviewer.skills.includes(skill));
    const isWidened = item.queue.key === 'rare';
    if ((!isSkilled && !isWidened) || item.author === reviewer.name) this.found.notTheirs += 1;
    if (this.reviewsOf.get(id)?.has(reviewer.memberId)) this.found.twice += 1;
    this.inOrder(item);
  }

  answered(reviewer: Reviewer, itemId: string, code: string | null): void {
    this.lastAnswerAt = Date.now();
    this.count(code ?? 'answered');
    if (code !== null) return;
    const by = this.reviewsOf.get(itemId) ?? new Set();
    if (by.has(reviewer.memberId)) this.found.twice += 1;
    this.reviewsOf.set(itemId, by.add(reviewer.memberId));
  }

  idleSeconds(): number {
    return (Date.now() - this.lastAnswerAt) / 1_000;
  }

  summary(): string {
    return JSON.stringify(this.counts);
  }

  /** Nothing but zeros is as promised. */
  verdict(starving: number): Record<string, number> {
    const most = Math.max(...this.queues.map(({ reviewsRequired = 1 }) => reviewsRequired));
    for (const by of this.reviewsOf.values()) if (by.size > most) this.found.overRequired += 1;
    return { ...this.found, starving };
  }

  /**
   * In a queue for all, an item of a lower priority is given before a higher one only as far as people work at once: all
   * of a priority but as many as may be in hands together have been given before. Overdue items, those that an author
   * may not have and leases that come back are left out.
   */
  private inOrder({ queue, priority, author, isOverdue }: Item): void {
    if (queue.key !== 'plain' || author !== null || isOverdue) return;
    const given = this.firstGiven.get(queue.key) ?? Array.from({ length: 10 }, () => 0);
    this.firstGiven.set(queue.key, given);
    given[priority]! += 1;
    const inHands = this.reviewers.reduce((sum, { capacity }) => sum + capacity, 0);
    for (let higher = priority + 1; higher < 10; higher += 1) {
      const total = this.totals()[higher]!;
      if (total - given[higher]! > inHands) this.found.outOfOrder += 1;
    }
  }

  private totalsKept: number[] | null = null;
  private totals(): number[] {
    if (this.totalsKept) return this.totalsKept;
    const totals = Array.from({ length: 10 }, () => 0);
    for (const { queue, priority, author, isOverdue } of this.items.values()) {
      if (queue.key === 'plain' && author === null && !isOverdue) totals[priority]! += 1;
    }
    return (this.totalsKept = totals);
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}
