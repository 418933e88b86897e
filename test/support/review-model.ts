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
}

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

/** What the service should hold, kept as simply as can be: it forgets nothing and locks nothing. */
export class ReviewModel {
  readonly items: ModelItem[] = [];
  readonly leases: ModelLease[] = [];

  constructor(readonly reviewsRequired: number) {}

  flagged(item: Pick<ModelItem, 'id' | 'rank' | 'author' | 'queue'>): void {
    const nothingYet = { status: 'OPEN' as const, escalatedBy: null, by: null, verdict: null };
    this.items.push({ ...item, ...nothingYet, skippedBy: new Set(), reviews: [], resolutions: 0, agreement: 0 });
  }

  live(item: ModelItem): ModelLease[] {
    return this.leases.filter((lease) => lease.isLive && lease.item === item);
  }

  free(item: ModelItem): number {
    return item.status === 'OPEN' ? this.reviewsRequired - item.reviews.length - this.live(item).length : 0;
  }

  mayHave(item: ModelItem, member: number): boolean {
    return (
      item.author !== member &&
      !item.skippedBy.has(member) &&
      !item.reviews.some((review) => review.member === member) &&
      !this.live(item).some((lease) => lease.member === member)
    );
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
    return this.items
      .filter((item) => item.queue.id === queue.id && this.free(item) > 0 && this.mayHave(item, member))
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
    if (reviews.length === this.reviewsRequired) this.settle(lease.item);
  }

  revised(item: ModelItem, review: ModelReview, id: string, verdict: string): void {
    review.ids.push(id);
    review.verdict = verdict;
    if (item.status !== 'OPEN' && item.escalatedBy === null) this.settle(item);
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

  /** More than half of the newest answers, or nobody's. */
  private settle(item: ModelItem): void {
    const { reviews } = item;
    const agreed = reviews.find(
      ({ verdict }) => reviews.filter((other) => other.verdict === verdict).length * 2 > reviews.length,
    );
    if (!agreed) {
      Object.assign(item, { status: 'NEEDS_ADJUDICATION', by: null });
    } else if (item.status !== 'RESOLVED' || item.verdict !== agreed.verdict || this.hasOtherAgreement(item)) {
      this.resolved(item, 'CONSENSUS', agreed.verdict);
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
