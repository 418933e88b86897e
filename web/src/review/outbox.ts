import { now } from '../clock.js';
import { type ApiError, apiError, ask } from '../graphql.js';
import type { Verdict, Work } from './answer.js';
import { readJson } from './kept-work.js';
import { type Assignment, Escalate, Release, Submit } from './operations.js';

/** How long an answer can be taken back before it is sent. */
export const UNDO_MS = 5_000;
/** What is held back is still leased, and a person may hold ten: beyond these the oldest is sent at once. */
const MOST_HELD_BACK = 4;
const RETRY_MS = 3_000;
/** A lease that ends sooner than this leaves no time for second thoughts. */
const CLOSE_MS = UNDO_MS + 5_000;

type Review = { verdict: Verdict; correctedOutput: unknown; labels: unknown; comment: string | null };

/** A finished item that the service has not acknowledged. */
export interface Pending {
  readonly assignmentId: string;
  readonly leaseToken: string;
  readonly itemId: string;
  /** What people call the item. */
  readonly title: string;
  /** Null when it was skipped. */
  readonly review: Review | null;
  readonly reason: string | null;
  /** The note to whoever decides it, where it was left to somebody more senior. */
  readonly escalation: string | null;
  readonly sendAt: number;
}

/** How an item left the desk. */
export type Left = Pick<Pending, 'review' | 'reason' | 'escalation'>;

interface Held {
  readonly pending: Pending;
  /** Known unless the page was loaded anew in between. */
  readonly taken: { readonly assignment: Assignment; readonly work: Work } | null;
  isSending: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

interface Listener {
  onChange(): void;
  onSent(pending: Pending): void;
  onRefused(pending: Pending, error: ApiError, taken: Held['taken']): void;
}

/**
 * Answers on their way to the service. Each is held back for some seconds, so that it can be taken back, and written to
 * this browser's storage before that. What cannot be sent is sent again until the service has judged it, also after the
 * page was closed. Sending twice is harmless: the same under the same lease changes nothing more.
 */
export class Outbox {
  private held: Held[] = [];
  private isStopped = false;
  /** Assignments that are finished here, sent or not: what the service says of them may be older than that. */
  private readonly finished = new Set<string>();

  constructor(
    private readonly member: string,
    private readonly listener: Listener,
  ) {}

  /** Sends what an earlier page has left behind. */
  async restore(): Promise<void> {
    this.isStopped = false;
    const left = readJson<Pending[]>(this.key) ?? [];
    const unknown = left.filter((pending) => !this.holds(pending.assignmentId));
    this.held.push(...unknown.map((pending) => ({ pending, taken: null, isSending: false })));
    for (const { assignmentId } of unknown) this.finished.add(assignmentId);
    await this.flush();
  }

  get pending(): Pending[] {
    return this.held.map((one) => one.pending);
  }

  get undoable(): Pending | null {
    return this.held.findLast((one) => one.taken && !one.isSending)?.pending ?? null;
  }

  hasFinished(assignmentId: string): boolean {
    return this.finished.has(assignmentId);
  }

  private holds(assignmentId: string): boolean {
    return this.held.some((one) => one.pending.assignmentId === assignmentId);
  }

  add(assignment: Assignment, leaseExpiresAt: string, work: Work, what: Left): void {
    const wait = Date.parse(leaseExpiresAt) - now() < CLOSE_MS ? 0 : UNDO_MS;
    const { id: assignmentId, leaseToken, item } = assignment;
    const pending = {
      assignmentId,
      leaseToken,
      itemId: item.id,
      title: item.externalId,
      sendAt: Date.now() + wait,
      ...what,
    };
    const one: Held = { pending, taken: { assignment, work }, isSending: false };
    this.held.push(one);
    this.finished.add(assignmentId);
    if (this.store() && wait > 0) one.timer = setTimeout(() => void this.send(one), wait);
    else void this.send(one);
    const waiting = this.held.filter((it) => it.taken && !it.isSending);
    for (const old of waiting.slice(0, -MOST_HELD_BACK)) void this.send(old);
    this.listener.onChange();
  }

  /** Takes the last answer back; null when all have left. */
  undo(): Held['taken'] {
    const one = this.held.findLast((it) => it.taken && !it.isSending);
    if (one) this.takeBack(one);
    return one?.taken ?? null;
  }

  /** Sends everything now. `isLast`: the page is about to go. */
  async flush({ isLast = false } = {}): Promise<void> {
    await Promise.all(this.held.map((one) => this.send(one, isLast)));
  }

  /** The desk is left: sends everything once. What cannot be sent stays in storage for the desk that comes next. */
  stop(): void {
    this.isStopped = true;
    void this.flush();
  }

  private async send(one: Held, isLast = false): Promise<void> {
    if (one.isSending || !this.held.includes(one)) return;
    clearTimeout(one.timer);
    one.isSending = true;
    this.listener.onChange();
    const { assignmentId, leaseToken, review, reason, escalation } = one.pending;
    const lease = { assignmentId, leaseToken };
    try {
      if (review) await ask(Submit, { input: { ...lease, ...review } }, { isLast });
      else if (escalation) await ask(Escalate, { input: { ...lease, note: escalation } }, { isLast });
      else await ask(Release, { input: { ...lease, skip: true, reason } }, { isLast });
      this.remove(one);
      this.listener.onSent(one.pending);
    } catch (thrown) {
      this.fail(one, apiError(thrown));
    }
  }

  private fail(one: Held, error: ApiError): void {
    one.isSending = false;
    if (error.isPassing || error.code === 'UNAUTHENTICATED') {
      if (this.isStopped) return;
      one.timer = setTimeout(() => void this.send(one), RETRY_MS * (1 + Math.random()));
      this.listener.onChange();
      return;
    }
    this.takeBack(one);
    // An item that was to be skipped and is no longer held has been given back as it was meant to be.
    const isGone = ['LEASE_LOST', 'ALREADY_RESOLVED', 'NOT_FOUND'].includes(error.code);
    const { review, escalation } = one.pending;
    if (isGone && !review && !escalation) this.listener.onSent(one.pending);
    else this.listener.onRefused(one.pending, error, one.taken);
  }

  private takeBack(one: Held): void {
    this.finished.delete(one.pending.assignmentId);
    this.remove(one);
  }

  private remove(one: Held): void {
    clearTimeout(one.timer);
    this.held = this.held.filter((other) => other !== one);
    this.store(one.pending.assignmentId);
    this.listener.onChange();
  }

  private store(sent: string | null = null): boolean {
    try {
      // Once this desk is left, another one may have put its own there.
      const kept = this.isStopped ? (readJson<Pending[]>(this.key) ?? []) : this.pending;
      const pending = kept.filter((one) => one.assignmentId !== sent);
      if (pending.length === 0) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify(pending));
      return true;
    } catch {
      return false;
    }
  }

  private get key(): string {
    return `countersign:outbox:${this.member}`;
  }
}
