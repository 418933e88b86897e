import { now } from '../clock.js';
import { apiError, ask } from '../graphql.js';
import { isTouched } from './answer.js';
import type { DeskStore, Hand } from './desk-store.js';
import { type Assignment, AssignmentsQuery, ClaimNext, Release } from './operations.js';

/** One in hand and one ready, so that after a review the next is there at once. */
const HOLD = 2;
const LOOK_EVERY_MS = 1_000;
const ON_ITS_WAY_MS = 5_000;

interface Source {
  /** An item as it is taken in hand, with what was written for it before. */
  handOf(assignment: Assignment): Hand;
  /** Whether it is finished here already, and only the service does not know. */
  isFinished(assignmentId: string): boolean;
}

/** Sees to it that one item is in hand and one is ready: claims, waits where nothing is to be had, gives back. */
export class Supply {
  private queue: string | null = null;
  private isFilling = false;
  private isOpen = false;
  private hasTakenHeld = false;
  private switchedAt = 0;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private appointment: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: DeskStore,
    private readonly source: Source,
  ) {}

  /** From now on. What this reviewer holds already comes first. */
  async start(): Promise<void> {
    this.isOpen = true;
    await this.fill();
  }

  stop(): void {
    this.isOpen = false;
    clearTimeout(this.lookTimer);
    clearTimeout(this.appointment);
  }

  /** Takes items of this queue from now on. What has been begun stays in hand; what has not goes back. */
  async choose(queue: string | null): Promise<void> {
    if (queue === this.queue) return;
    this.queue = queue;
    const fits = ({ assignment }: Hand) => queue === null || assignment.item.queue.key === queue;
    const { hand } = this.store.state;
    const back = this.store.ready.filter((one) => !fits(one));
    this.store.ready = this.store.ready.filter(fits);
    if (hand && !hand.lost && !fits(hand) && !isTouched(hand.work, hand.assignment.item.output)) {
      back.push(hand);
      this.store.set({ hand: null });
    }
    this.store.set({ empty: null });
    await giveBack(back);
    await this.fill();
  }

  /** On a break what is in hand stays there, what waits goes back, and nothing more comes. */
  async setAvailable(isAvailable: boolean): Promise<void> {
    this.switchedAt = Date.now();
    this.store.set({ isAvailable, empty: null });
    await (isAvailable ? this.fill() : this.giveBackReady());
  }

  /** This reviewer was given something without asking. */
  async takeGiven(): Promise<void> {
    this.hasTakenHeld = false;
    await this.fill();
  }

  /** Something may have become free: looks once, soon, and not at the same instant as everybody else. */
  look(): void {
    if (this.lookTimer || !this.isOpen) return;
    if (this.store.ready.length > 0 && this.store.state.hand) return;
    this.lookTimer = setTimeout(
      () => {
        this.lookTimer = undefined;
        void this.fill();
      },
      LOOK_EVERY_MS * (0.2 + Math.random() * 0.8),
    );
  }

  /** Claims until one is in hand and one is ready. */
  async fill(): Promise<void> {
    // Whoever let theirs run out may have gone: nothing more is taken until they have said what to do with it.
    if (this.isFilling || !this.isOpen || this.store.state.hand?.lost) return;
    this.isFilling = true;
    clearTimeout(this.appointment);
    try {
      if (!this.hasTakenHeld) await this.takeHeld();
      // It was on its way when the break began. What comes later is meant for them: somebody has assigned it.
      const isBreak = !this.store.state.isAvailable;
      if (isBreak && Date.now() - this.switchedAt < ON_ITS_WAY_MS) await this.giveBackReady();
      if (!this.store.state.hand) this.store.set({ hand: this.store.ready.shift() ?? null });
      const wanted = HOLD - (this.store.state.hand ? 1 : 0) - this.store.ready.length;
      if (wanted > 0 && this.store.state.isAvailable) await this.claim(wanted);
      this.store.set({ trouble: null });
    } catch (error) {
      this.store.set({ trouble: apiError(error) });
      if (apiError(error).isPassing) this.appointment = setTimeout(() => void this.fill(), 3_000);
    } finally {
      this.isFilling = false;
    }
    // Another was finished, or given, meanwhile.
    const { hand, empty, trouble, isAvailable } = this.store.state;
    if (!trouble && (!this.hasTakenHeld || (isAvailable && !hand && !empty))) await this.fill();
  }

  private async giveBackReady(): Promise<void> {
    const isBegun = (one: Hand) => isTouched(one.work, one.assignment.item.output);
    const back = this.store.ready.filter((one) => !isBegun(one));
    this.store.ready = this.store.ready.filter(isBegun);
    this.store.set({});
    await giveBack(back);
  }

  /** All that this reviewer holds, also what a claim that is still under way got. */
  async held(): Promise<Hand[]> {
    const { assignments } = await ask(AssignmentsQuery, {});
    return assignments.map((one) => this.source.handOf(one));
  }

  private async takeHeld(): Promise<void> {
    // What is given while this is read is read again.
    this.hasTakenHeld = true;
    const { assignments } = await ask(AssignmentsQuery, {}).catch((error: unknown) => {
      this.hasTakenHeld = false;
      throw error;
    });
    const known = new Set([this.store.state.hand, ...this.store.ready].map((one) => one?.assignment.id));
    const held = assignments
      .filter(({ id }) => !known.has(id) && !this.source.isFinished(id))
      .filter(({ item }) => !this.queue || item.queue.key === this.queue)
      .map((one) => this.source.handOf(one));
    // What was begun comes first.
    const isBegun = (one: Hand) => isTouched(one.work, one.assignment.item.output);
    this.store.ready.push(...held.filter(isBegun), ...held.filter((one) => !isBegun(one)));
  }

  private async claim(wanted: number): Promise<void> {
    const { queue, store } = this;
    const { claimNext } = await ask(ClaimNext, { input: { count: wanted, ...(queue && { queue }) } });
    const inHand = store.state.hand?.assignment.id;
    const hands = claimNext.assignments.filter(({ id }) => id !== inHand).map((one) => this.source.handOf(one));
    // Another queue was chosen meanwhile, or nothing more is wanted.
    if (this.queue !== queue || !store.state.isAvailable) return giveBack(hands);
    store.ready.push(...hands);
    const hand = store.state.hand ?? store.ready.shift() ?? null;
    const { emptyReason, nextAvailableAt } = claimNext;
    if (hand) {
      store.set({ hand, empty: null });
    } else {
      // INTERRUPTED comes only with an item.
      const reason = emptyReason && emptyReason !== 'INTERRUPTED' ? emptyReason : 'NOTHING_OPEN';
      store.set({ hand, empty: { reason, nextAvailableAt: nextAvailableAt ?? null } });
    }
    if (nextAvailableAt && !store.ready.length) {
      const wait = Math.max(0, Date.parse(nextAvailableAt) - now()) + 300 + Math.random() * 700;
      this.appointment = setTimeout(() => void this.fill(), Math.min(wait, 2 ** 31 - 1));
    }
  }
}

async function giveBack(hands: Hand[]): Promise<void> {
  const inputs = hands.map(({ assignment: { id, leaseToken } }) => ({ assignmentId: id, leaseToken }));
  await Promise.allSettled(inputs.map((input) => ask(Release, { input })));
}
