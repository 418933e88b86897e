import type { TestMember, TestService } from './service.js';
import type { Held, TestQueue } from './reviewing.js';

interface ModelReview {
  readonly member: number;
  readonly verdict: string;
}

export interface ModelItem {
  readonly id: string;
  readonly rank: bigint;
  readonly author: number | null;
  readonly skippedBy: Set<number>;
  readonly reviews: ModelReview[];
  status: 'OPEN' | 'NEEDS_ADJUDICATION' | 'RESOLVED' | 'WITHDRAWN';
}

export interface ModelLease {
  readonly held: Held;
  readonly item: ModelItem;
  readonly member: number;
  isLive: boolean;
  isSubmitted: boolean;
}

/** What the service should hold, kept as simply as can be: it forgets nothing and locks nothing. */
export class ReviewModel {
  readonly items: ModelItem[] = [];
  readonly leases: ModelLease[] = [];

  constructor(readonly reviewsRequired: number) {}

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

  /** What the member is offered, the most urgent first. */
  offered(member: number): ModelItem[] {
    return this.items
      .filter((item) => this.free(item) > 0 && this.mayHave(item, member))
      .sort((a, b) => (a.rank === b.rank ? (a.id < b.id ? -1 : 1) : a.rank < b.rank ? -1 : 1));
  }

  claimed(item: ModelItem, member: number, held: Held): void {
    this.leases.push({ held, item, member, isLive: true, isSubmitted: false });
  }

  reviewed(lease: ModelLease, verdict: string): void {
    lease.isLive = false;
    lease.isSubmitted = true;
    const { reviews } = lease.item;
    reviews.push({ member: lease.member, verdict });
    if (reviews.length < this.reviewsRequired) return;
    const most = Math.max(...reviews.map((one) => reviews.filter((other) => other.verdict === one.verdict).length));
    lease.item.status = most * 2 > reviews.length ? 'RESOLVED' : 'NEEDS_ADJUDICATION';
  }

  withdrawn(item: ModelItem): void {
    item.status = 'WITHDRAWN';
    for (const lease of this.live(item)) lease.isLive = false;
  }
}

/** The service beside the model, for one run. */
export interface Real {
  readonly service: TestService;
  readonly queue: TestQueue;
  readonly actors: readonly TestMember[];
  readonly key: string;
}
