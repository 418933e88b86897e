import { now } from '../clock.js';
import { type ApiError, apiError, ask } from '../graphql.js';
import { listen, watchConnection } from '../live.js';
import { isTouched, NOTHING, type Problem, reviewOf, type Verdict, type Work, workOf } from './answer.js';
import { DraftSaver, type Saved } from './draft-saver.js';
import { forgetWork, keepWork, recallWork, tidyWork } from './kept-work.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Assignment, AssignmentChanged, AssignmentsQuery, ClaimNext, Release } from './operations.js';
import { Outbox, type Pending } from './outbox.js';
import { Session } from './session-count.js';

/** An item that this reviewer holds. */
export interface Hand {
  readonly assignment: Assignment;
  readonly work: Work;
  readonly leaseExpiresAt: string;
  readonly saved: Saved;
  /** Why it is no longer held, as a sentence. */
  readonly lost: string | null;
}

export interface Empty {
  readonly reason: 'NOTHING_OPEN' | 'ALL_LEASED' | 'NOT_ELIGIBLE' | 'AT_CAPACITY';
  readonly nextAvailableAt: string | null;
}

/** Something that a reviewer should know of an item that they are no longer at. */
export interface Message {
  readonly id: number;
  readonly title: string;
  readonly text: string;
}

export interface DeskState {
  readonly hand: Hand | null;
  readonly isNextReady: boolean;
  /** Null while there is, or may be, something to do. */
  readonly empty: Empty | null;
  /** Why the next item could not be fetched. */
  readonly trouble: ApiError | null;
  readonly pending: readonly Pending[];
  readonly undoable: Pending | null;
  readonly messages: readonly Message[];
}

/** One in hand and one ready, so that after a review the next is there at once. */
const HOLD = 2;
const LOOK_EVERY_MS = 1_000;

/**
 * What lies on a reviewer's desk: the item in hand, the one after it, and what has just been finished. Knows nothing of
 * how it is shown.
 */
export class Desk {
  readonly session = new Session();
  private state: DeskState = {
    hand: null,
    isNextReady: false,
    empty: null,
    trouble: null,
    pending: [],
    undoable: null,
    messages: [],
  };
  private ready: Hand[] = [];
  private queue: string | null = null;
  private isFilling = false;
  private isStopped = false;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private appointment: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<() => void>();
  private readonly endings: (() => void)[] = [];
  private readonly outbox: Outbox;
  private readonly drafts: DraftSaver;
  private readonly leases: LeaseKeeper;

  constructor(private readonly member: string) {
    this.outbox = new Outbox(member, {
      onChange: () => this.set({ pending: this.outbox.pending, undoable: this.outbox.undoable }),
      onSent: (pending) => this.onSent(pending),
      onRefused: (pending, error, taken) => this.onRefused(pending, error, taken),
    });
    this.drafts = new DraftSaver({
      onSaved: (id, saved) => this.patch(id, { saved }),
      onLost: (id, error) => this.onLost(id, error.message),
    });
    this.leases = new LeaseKeeper({
      held: () => [this.state.hand, ...this.ready].filter((one): one is Hand => one !== null && one.lost === null),
      onRenewed: (id, leaseExpiresAt) => this.patch(id, { leaseExpiresAt }),
      onLost: (id, error) => this.onLost(id, error.message),
    });
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly snapshot = (): DeskState => this.state;

  async start(queue: string | null): Promise<void> {
    this.queue = queue;
    this.isStopped = false;
    tidyWork();
    this.leases.start();
    const onHide = () => {
      void this.drafts.flush({ isLast: true });
      void this.outbox.flush({ isLast: true });
    };
    const onHidden = () => document.hidden && onHide();
    window.addEventListener('pagehide', onHide);
    document.addEventListener('visibilitychange', onHidden);
    this.endings.push(
      () => window.removeEventListener('pagehide', onHide),
      () => document.removeEventListener('visibilitychange', onHidden),
      watchConnection((isUp) => isUp && this.onConnected()),
      listen(
        AssignmentChanged,
        {},
        (event) => this.onAssignment(event.assignmentChanged.assignment),
        () => undefined,
      ),
    );
    // First what was finished before, or it would be offered as still to do.
    await this.outbox.restore();
    await this.fill({ isFirst: true });
  }

  stop(): void {
    this.isStopped = true;
    void this.drafts.flush();
    this.drafts.stop();
    this.outbox.stop();
    this.leases.stop();
    clearTimeout(this.lookTimer);
    clearTimeout(this.appointment);
    for (const end of this.endings.splice(0)) end();
  }

  /** Takes items of this queue from now on. What has been begun stays in hand; what has not goes back. */
  async choose(queue: string | null): Promise<void> {
    if (queue === this.queue) return;
    this.queue = queue;
    const fits = ({ assignment }: Hand) => queue === null || assignment.item.queue.key === queue;
    const { hand } = this.state;
    const back = this.ready.filter((one) => !fits(one));
    this.ready = this.ready.filter(fits);
    if (hand && !hand.lost && !fits(hand) && !isTouched(hand.work, hand.assignment.item.output)) {
      back.push(hand);
      this.set({ hand: null });
    }
    this.set({ empty: null });
    await giveBack(back);
    await this.fill();
  }

  /** Every keystroke: kept here at once, and at the service soon. */
  change(work: Work): void {
    const { hand } = this.state;
    if (!hand) return;
    keepWork(this.member, hand.assignment.item.id, { ...work, at: now() });
    this.set({ hand: { ...hand, work, saved: 'saving' } });
    this.drafts.save(hand.assignment, work);
  }

  /** Hands the answer in, or says what it lacks. */
  finish(verdict: Verdict): Problem | null {
    const { hand } = this.state;
    if (!hand || hand.lost) return null;
    const answer = reviewOf(hand.work, verdict, hand.assignment.item);
    if (answer.problem) return answer.problem;
    this.leave(hand, { review: answer.review, reason: null });
    return null;
  }

  skip(reason: string): void {
    const { hand } = this.state;
    if (hand && !hand.lost) this.leave(hand, { review: null, reason: reason.trim() || null });
  }

  undo(): void {
    const taken = this.outbox.undo();
    if (!taken) return;
    const { hand } = this.state;
    if (hand && !hand.lost) this.ready.unshift(hand);
    this.session.uncount();
    this.set({ hand: this.handOf(taken.assignment, taken.work), empty: null });
  }

  /** Takes the lost item up again if it is to be had. Others that come instead stay ready. */
  async takeAgain(): Promise<void> {
    const { hand } = this.state;
    if (!hand?.lost) return;
    const { item } = hand.assignment;
    const isSame = (one: Hand) => one.assignment.item.id === item.id;
    try {
      // It may have come back by itself, as the next one.
      if (!this.ready.some(isSame)) {
        const { claimNext } = await ask(ClaimNext, { input: { queue: item.queue.key, count: 1 } });
        this.ready.push(...claimNext.assignments.map((one) => this.handOf(one)));
      }
      const again = this.ready.find(isSame);
      if (again) {
        this.ready = this.ready.filter((one) => one !== again);
        this.set({ hand: { ...again, work: this.state.hand?.work ?? hand.work } });
        return;
      }
      const lost =
        'It is not free: somebody else has it, or it has its answer. What you wrote is kept, and is there again should it come back to you.';
      this.patch(hand.assignment.id, { lost });
    } catch (error) {
      this.patch(hand.assignment.id, { lost: apiError(error).message });
    }
  }

  /** Leaves a lost item behind. */
  moveOn(): void {
    this.set({ hand: null });
    void this.fill();
  }

  dismiss(id: number): void {
    this.set({ messages: this.state.messages.filter((message) => message.id !== id) });
  }

  /** Something may have become free: looks once, soon, and not at the same instant as everybody else. */
  look(): void {
    if (this.lookTimer || this.isStopped) return;
    if (this.ready.length > 0 && this.state.hand) return;
    this.lookTimer = setTimeout(
      () => {
        this.lookTimer = undefined;
        void this.fill();
      },
      LOOK_EVERY_MS * (0.2 + Math.random() * 0.8),
    );
  }

  retry(): void {
    this.set({ trouble: null });
    void this.fill();
  }

  private leave(hand: Hand, what: Pick<Pending, 'review' | 'reason'>): void {
    this.drafts.drop(hand.assignment.id);
    keepWork(this.member, hand.assignment.item.id, { ...hand.work, at: now() });
    this.session.count();
    this.set({ hand: this.ready.shift() ?? null });
    this.outbox.add(hand.assignment, hand.leaseExpiresAt, hand.work, what);
    void this.fill();
  }

  /** Claims until one is in hand and one is ready. */
  private async fill({ isFirst = false } = {}): Promise<void> {
    if (this.isFilling || this.isStopped) return;
    this.isFilling = true;
    clearTimeout(this.appointment);
    try {
      if (isFirst) await this.takeHeld();
      if (!this.state.hand) this.set({ hand: this.ready.shift() ?? null });
      const wanted = HOLD - (this.state.hand ? 1 : 0) - this.ready.length;
      if (wanted > 0) await this.claim(wanted);
      this.set({ trouble: null });
    } catch (error) {
      this.set({ trouble: apiError(error) });
      if (apiError(error).isPassing) this.appointment = setTimeout(() => void this.fill({ isFirst }), 3_000);
    } finally {
      this.isFilling = false;
    }
    // Another was finished meanwhile.
    if (!this.state.hand && !this.state.empty && !this.state.trouble) await this.fill();
  }

  private async takeHeld(): Promise<void> {
    const { assignments } = await ask(AssignmentsQuery, {});
    const known = new Set([this.state.hand, ...this.ready].map((one) => one?.assignment.id));
    const held = assignments
      .filter(
        ({ id, item }) => !known.has(id) && !this.outbox.holds(id) && (!this.queue || item.queue.key === this.queue),
      )
      .map((one) => this.handOf(one));
    // What was begun comes first.
    const isBegun = (one: Hand) => isTouched(one.work, one.assignment.item.output);
    this.ready.push(...held.filter(isBegun), ...held.filter((one) => !isBegun(one)));
  }

  private async claim(wanted: number): Promise<void> {
    const { queue } = this;
    const { claimNext } = await ask(ClaimNext, { input: { count: wanted, ...(queue && { queue }) } });
    const hands = claimNext.assignments.map((one) => this.handOf(one));
    // Another queue was chosen meanwhile.
    if (this.queue !== queue) return giveBack(hands);
    this.ready.push(...hands);
    const hand = this.state.hand ?? this.ready.shift() ?? null;
    const { emptyReason, nextAvailableAt } = claimNext;
    if (hand) {
      this.set({ hand, empty: null });
    } else {
      this.set({ hand, empty: { reason: emptyReason ?? 'NOTHING_OPEN', nextAvailableAt: nextAvailableAt ?? null } });
    }
    if (nextAvailableAt && !this.ready.length) {
      const wait = Math.max(0, Date.parse(nextAvailableAt) - now()) + 300 + Math.random() * 700;
      this.appointment = setTimeout(() => void this.fill(), Math.min(wait, 2 ** 31 - 1));
    }
  }

  /** What is kept in this browser and at the service; the later of the two wins. */
  private handOf(assignment: Assignment, work?: Work): Hand {
    const kept = recallWork(this.member, assignment.item.id);
    const { draft } = assignment;
    const isDraftLater = draft && (!kept || Date.parse(draft.savedAt) > kept.at + 2_000);
    const found = work ?? (isDraftLater ? workOf(draft) : kept) ?? NOTHING;
    return { assignment, work: found, leaseExpiresAt: assignment.leaseExpiresAt, saved: 'saved', lost: null };
  }

  private onSent(pending: Pending): void {
    forgetWork(this.member, pending.itemId);
    if (!this.state.hand) this.look();
  }

  private onRefused(pending: Pending, error: ApiError, taken: { assignment: Assignment; work: Work } | null): void {
    if (error.code === 'ALREADY_RESOLVED') {
      this.say(`${pending.title} was already decided`, `${error.message} Your answer was not needed.`);
    } else if (error.code === 'LEASE_LOST' || error.code === 'NOT_FOUND') {
      this.say(
        `Your answer to ${pending.title} came too late`,
        `${error.message} Should it come back to you, it is filled in.`,
      );
    } else {
      // It is still ours to put right.
      this.say(`${pending.title} was not accepted`, error.message);
      if (!taken) return this.look();
      const { hand } = this.state;
      if (hand) this.ready.unshift(hand);
      this.set({ hand: this.handOf(taken.assignment, taken.work), empty: null });
    }
    this.session.uncount();
  }

  private onLost(id: string, sentence: string): void {
    const { hand } = this.state;
    if (hand?.assignment.id === id) {
      if (!hand.lost) this.patch(id, { lost: sentence });
      return;
    }
    this.ready = this.ready.filter((one) => one.assignment.id !== id);
    this.set({});
    this.look();
  }

  private onAssignment({ id, status }: { id: string; status: string }): void {
    if (status === 'LEASED' || this.outbox.holds(id)) return;
    const sentences: Record<string, string> = {
      EXPIRED: 'Your hold ran out.',
      SUBMITTED: 'You have answered this one elsewhere, on another device or page.',
      RELEASED: 'You have given this one back elsewhere.',
      SKIPPED: 'You have skipped this one elsewhere.',
    };
    this.onLost(id, sentences[status] ?? 'You no longer hold this one.');
  }

  private onConnected(): void {
    void this.outbox.flush();
    void this.drafts.flush();
    if (!this.state.hand || this.state.trouble) this.look();
  }

  private patch(id: string, change: Partial<Hand>): void {
    const { hand } = this.state;
    if (hand?.assignment.id === id) this.set({ hand: { ...hand, ...change } });
    this.ready = this.ready.map((one) => (one.assignment.id === id ? { ...one, ...change } : one));
  }

  private say(title: string, text: string): void {
    const id = (this.state.messages.at(-1)?.id ?? 0) + 1;
    this.set({ messages: [...this.state.messages, { id, title, text }] });
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change, isNextReady: this.ready.length > 0 };
    for (const watcher of this.watchers) watcher();
  }
}

async function giveBack(hands: Hand[]): Promise<void> {
  const inputs = hands.map(({ assignment: { id, leaseToken } }) => ({ assignmentId: id, leaseToken }));
  await Promise.allSettled(inputs.map((input) => ask(Release, { input })));
}
