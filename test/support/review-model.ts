import type { TestMember, TestService } from './service.js';
import type { Held, TestQueue } from './reviewing.js';

export interface ModelReview {
  readonly member: number;
  /** The ids of the reviews, the newest last: each revises the one before. */
  readonly ids: string[];
  verdict: string;
}

export interface ModelItem {
  readonly id: string;
  rank: bigint;
  queue: TestQueue;
  readonly author: number | null;
  readonly skippedBy: Set<number>;
  readonly reviews: ModelReview[];
  status: 'OPEN' | 'NEEDS_ADJUDICATION' | 'RESOLVED' | 'WITHDRAWN';
  escalatedBy: number | null;
  /** Who resolved it, and how often it was. */
  by: 'CONSENSUS' | 'ADJUDICATION' | 'DEADLINE' | null;
  resolutions: number;
  verdict: string | null;
  /** Pairs of reviews that agree. */
  agreement: number;
  /** How many reviews it is to have. */
  slots: number;
  /** Whose copy of a known answer it is; null for an item. */
  readonly copyFor: number | null;
}

/** How many reviews an item gets: so many, and one more at a time while they agree less than the bar, up to the most. */
export interface ModelRule {
  readonly required: number;
  readonly most: number;
  readonly bar: number;
}

/** The second queue asks at once for as many as the first may come to. */
export const ruleOfSecond = ({ most, bar }: ModelRule): ModelRule => ({ required: most, most, bar });

export interface ModelLease {
  readonly held: Held;
  readonly item: ModelItem;
  readonly member: number;
  isLive: boolean;
  isSubmitted: boolean;
  isEscalated: boolean;
}

/** Leases that one person may hold at once. */
const CAPACITY = 10;

/** Known answers that the first queue has. */
export const KNOWN = 2;

/** What the service should hold, kept as simply as can be: it forgets nothing and locks nothing. */
export class ReviewModel {
  readonly items: ModelItem[] = [];
  readonly copies: ModelItem[] = [];
  readonly leases: ModelLease[] = [];
  /** Open items whose number of reviews is to be looked at again. */
  readonly noted = new Set<ModelItem>();

  constructor(
    private rule: ModelRule,
    private readonly second: TestQueue,
  ) {}

  private ruleOf({ queue }: Pick<ModelItem, 'queue'>): ModelRule {
    return queue.id === this.second.id ? ruleOfSecond(this.rule) : this.rule;
  }

  get all(): ModelItem[] {
    return [...this.items, ...this.copies];
  }

  find(id: string): ModelItem {
    return this.all.find((item) => item.id === id)!;
  }

  flagged(item: Pick<ModelItem, 'id' | 'author' | 'queue'>): void {
    this.items.push(this.fresh({ ...item, copyFor: null }));
  }

  /** The member was given a copy of a known answer. */
  copied(copy: Pick<ModelItem, 'id' | 'queue'>, member: number): ModelItem {
    const item = this.fresh({ ...copy, author: null, copyFor: member });
    this.copies.push(item);
    return item;
  }

  private fresh(item: Pick<ModelItem, 'id' | 'author' | 'queue' | 'copyFor'>): ModelItem {
    const nothingYet = { status: 'OPEN' as const, escalatedBy: null, by: null, verdict: null, resolutions: 0 };
    return {
      ...item,
      ...nothingYet,
      rank: 0n,
      skippedBy: new Set(),
      reviews: [],
      agreement: 0,
      slots: this.ruleOf(item).required,
    };
  }

  live(item: ModelItem): ModelLease[] {
    return this.leases.filter((lease) => lease.isLive && lease.item === item);
  }

  /** Tickets. A copy has none: it is offered to one person and by no queue. */
  free(item: ModelItem): number {
    if (item.status !== 'OPEN' || item.copyFor !== null) return 0;
    return item.slots - item.reviews.length - this.live(item).length;
  }

  mayHave(item: ModelItem, member: number): boolean {
    return (
      item.author !== member &&
      (item.copyFor === null || item.copyFor === member) &&
      !item.skippedBy.has(member) &&
      !item.reviews.some((review) => review.member === member) &&
      !this.live(item).some((lease) => lease.member === member)
    );
  }

  /** Whether the member's next claim gets a copy that they have not seen, where there is something to claim. */
  isCopyDue(member: number): boolean {
    const own = this.copies.filter((copy) => copy.copyFor === member);
    const last = own.at(-1);
    const isDone = !last || last.status !== 'OPEN' || last.reviews.length > 0 || last.skippedBy.has(member);
    return isDone && own.length < KNOWN;
  }

  /** Who reviewed it, left it to others or wrote it does not decide it. */
  isParty(item: ModelItem, member: number): boolean {
    return (
      item.author === member || item.escalatedBy === member || item.reviews.some((review) => review.member === member)
    );
  }

  /** How many more a member may hold, of so many. */
  room(member: number, count: number): number {
    const held = this.leases.filter((lease) => lease.isLive && lease.member === member).length;
    return Math.max(0, Math.min(count, CAPACITY - held));
  }

  /** What the member is offered in a queue, the most urgent first. */
  offered(member: number, queue: TestQueue): ModelItem[] {
    const own = this.copies.filter((copy) => copy.copyFor === member && copy.status === 'OPEN').slice(-1);
    return [...this.items.filter((item) => this.free(item) > 0), ...own]
      .filter((item) => item.queue.id === queue.id && this.mayHave(item, member))
      .sort((a, b) => (a.rank === b.rank ? (a.id < b.id ? -1 : 1) : a.rank < b.rank ? -1 : 1));
  }

  claimed(item: ModelItem, member: number, held: Held): void {
    this.leases.push({ held, item, member, isLive: true, isSubmitted: false, isEscalated: false });
  }

  reviewed(lease: ModelLease, id: string, verdict: string): void {
    lease.isLive = false;
    lease.isSubmitted = true;
    const { reviews } = lease.item;
    reviews.push({ member: lease.member, ids: [id], verdict });
    if (reviews.length === lease.item.slots) this.settleOrAsk(lease.item);
  }

  revised(item: ModelItem, review: ModelReview, id: string, verdict: string): void {
    review.ids.push(id);
    review.verdict = verdict;
    if (item.status === 'OPEN') this.noted.add(item);
    else if (item.escalatedBy === null) this.settle(item);
  }

  /** To another queue, and as many reviews as it asks for. */
  moved(item: ModelItem, queue: TestQueue): void {
    item.queue = queue;
    item.slots = this.ruleOf(item).required;
  }

  /** The queues have another rule from now on, and what is open follows. */
  ruled(rule: ModelRule): void {
    this.rule = rule;
    for (const item of this.all) if (item.status === 'OPEN') this.follow(item);
  }

  /** The service looks again at what was noted. */
  sweep(): void {
    for (const item of [...this.noted]) {
      this.noted.delete(item);
      if (item.status === 'OPEN') this.follow(item);
    }
  }

  /** Slots that nobody holds come and go; one too many that somebody holds is looked at again. */
  private follow(item: ModelItem): void {
    const done = item.reviews.length;
    if (item.copyFor !== null) {
      item.slots = this.ruleOf(item).required;
      if (done >= item.slots) this.settle(item);
      return;
    }
    const wanted = this.wanted(item);
    if (wanted >= item.slots) {
      item.slots = wanted;
      return;
    }
    item.slots -= Math.min(this.free(item), item.slots - wanted);
    if (item.slots === done && done > 0) this.settleOrAsk(item);
    else if (item.slots > wanted) this.noted.add(item);
  }

  private wanted(item: ModelItem): number {
    const { reviews } = item;
    const { required, most } = this.ruleOf(item);
    if (reviews.length < required) return required;
    return this.agreed(reviews) || reviews.length >= most ? reviews.length : reviews.length + 1;
  }

  /** More than half of the newest answers, and no fewer than the bar asks for. */
  private agreed(reviews: readonly ModelReview[]): string | undefined {
    const share = (verdict: string) => reviews.filter((other) => other.verdict === verdict).length / reviews.length;
    return reviews.find(({ verdict }) => share(verdict) > 0.5 && share(verdict) >= this.rule.bar)?.verdict;
  }

  private settleOrAsk(item: ModelItem): void {
    if (this.wanted(item) > item.reviews.length) item.slots += 1;
    else this.settle(item);
  }

  /** Who may revise what: their newest, unless it no longer matters. */
  isRevisable(item: ModelItem): boolean {
    return item.status !== 'WITHDRAWN' && (item.status !== 'RESOLVED' || item.by === 'CONSENSUS');
  }

  resolved(item: ModelItem, by: NonNullable<ModelItem['by']>, verdict: string): void {
    Object.assign(item, { status: 'RESOLVED', by, verdict, resolutions: item.resolutions + 1 });
    for (const lease of this.live(item)) lease.isLive = false;
  }

  escalated(lease: ModelLease): void {
    lease.isEscalated = true;
    lease.item.status = 'NEEDS_ADJUDICATION';
    lease.item.escalatedBy = lease.member;
    for (const other of this.live(lease.item)) other.isLive = false;
  }

  /** What the newest answers come to, or that somebody is to decide. */
  private settle(item: ModelItem): void {
    const agreed = this.agreed(item.reviews);
    if (agreed === undefined) {
      Object.assign(item, { status: 'NEEDS_ADJUDICATION', by: null });
    } else if (item.status !== 'RESOLVED' || item.verdict !== agreed || this.hasOtherAgreement(item)) {
      this.resolved(item, 'CONSENSUS', agreed);
    }
    item.agreement = agreementOf(item);
  }

  private hasOtherAgreement(item: ModelItem): boolean {
    return agreementOf(item) !== item.agreement;
  }

  withdrawn(item: ModelItem): void {
    item.status = 'WITHDRAWN';
    for (const lease of this.live(item)) lease.isLive = false;
  }
}

/** The service beside the model, for one run. */
export interface Real {
  readonly service: TestService;
  /** Items are flagged into the first, and moved between them. */
  readonly queues: readonly [TestQueue, TestQueue];
  readonly actors: readonly TestMember[];
  readonly key: string;
}

function agreementOf({ reviews }: ModelItem): number {
  const pairs = reviews.flatMap((one, i) => reviews.slice(i + 1).map((other) => one.verdict === other.verdict));
  return pairs.filter(Boolean).length;
}
