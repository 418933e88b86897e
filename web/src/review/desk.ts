import { now } from '../clock.js';
import { type ApiError, apiError, ask } from '../graphql.js';
import { listen, watchConnection } from '../live.js';
import type { Problem } from '../rubric/problem.js';
import { reviewOf, type Verdict, type Work } from './answer.js';
import { DeskStore, type Hand } from './desk-store.js';
import { DraftSaver } from './draft-saver.js';
import { handOf } from './hand.js';
import { forgetWork, keepWork, tidyWork } from './kept-work.js';
import { LeaseKeeper } from './lease-keeper.js';
import { type Assignment, AssignmentChanged, type AssignmentEvent, ClaimNext } from './operations.js';
import { type Left, Outbox, type Pending } from './outbox.js';
import { Presence } from './presence.js';
import { Session } from './session-count.js';
import { Supply } from './supply.js';
import { isDealtWith, whatBecame } from './what-became.js';
import { whenHidden } from './when-hidden.js';

/**
 * What a reviewer does at their desk: work on the item in hand, finish it, take it back. Knows nothing of how it is
 * shown.
 */
export class Desk {
  readonly session: Session;
  private readonly store = new DeskStore();
  private endings: (() => void)[] = [];
  private readonly outbox: Outbox;
  private readonly drafts: DraftSaver;
  private readonly leases: LeaseKeeper;
  private readonly supply: Supply;
  private readonly presence = new Presence();

  readonly subscribe = this.store.subscribe;
  readonly snapshot = this.store.snapshot;
  readonly heldIn = (queue: string | null): number => this.store.heldIn(queue);

  constructor(private readonly member: string) {
    this.session = new Session(member);
    this.outbox = new Outbox(member, {
      onChange: () => this.store.set({ pending: this.outbox.pending, undoable: this.outbox.undoable }),
      onSent: (pending) => this.onSent(pending),
      onRefused: (pending, error, taken) => this.onRefused(pending, error, taken),
    });
    this.drafts = new DraftSaver({
      onSaved: (id, saved) => this.store.patch(id, { saved }),
      onLost: (id, error) => this.onLost(id, error.message),
    });
    this.leases = new LeaseKeeper({
      held: () => this.store.held(),
      onRenewed: (id, leaseExpiresAt) => this.store.patch(id, { leaseExpiresAt }),
      onLost: (id, error) => this.onLost(id, error.message),
    });
    this.supply = new Supply(this.store, {
      handOf: (assignment) => handOf(this.member, assignment),
      isFinished: (id) => this.outbox.hasFinished(id),
    });
  }

  async start(): Promise<void> {
    tidyWork();
    this.leases.start();
    const endings = [
      whenHidden(() => {
        void this.drafts.flush({ isLast: true });
        void this.outbox.flush({ isLast: true });
      }),
      watchConnection((isUp) => isUp && this.onConnected()),
      listen(
        AssignmentChanged,
        {},
        (event) => this.onAssignment(event.assignmentChanged),
        () => undefined,
      ),
      () => this.presence.stop(),
    ];
    this.endings = endings;
    // A desk may be stopped, and started anew, while this waits: then the later start goes on and not this one.
    const isOver = () => this.endings !== endings;
    // First what was finished before, or it would be offered as still to do.
    await this.outbox.restore();
    if (isOver()) return;
    await this.supply.start();
    if (!isOver()) this.beThere();
  }

  stop(): void {
    void this.drafts.flush();
    this.drafts.stop();
    this.outbox.stop();
    this.leases.stop();
    this.supply.stop();
    for (const end of this.endings) end();
    this.endings = [];
  }

  /** Takes items of this queue from now on. */
  choose(queue: string | null): Promise<void> {
    this.presence.choose(queue);
    return this.supply.choose(queue);
  }

  /** Who is available is given work, and counts as there. */
  async setAvailable(isAvailable: boolean): Promise<void> {
    if (!isAvailable) this.presence.stop();
    await this.supply.setAvailable(isAvailable);
    this.beThere();
  }

  /** Every keystroke: kept here at once, and at the service soon. */
  change(work: Work): void {
    const { hand } = this.store.state;
    if (!hand) return;
    keepWork(this.member, hand.assignment.item.id, { ...work, at: now() });
    this.store.set({ hand: { ...hand, work, saved: 'saving', isChanged: true } });
    this.drafts.save(hand.assignment, work);
  }

  /** Hands the answer in, or says what it lacks. */
  finish(verdict: Verdict): Problem | null {
    const { hand } = this.store.state;
    if (!hand || hand.lost) return null;
    const answer = reviewOf(hand.work, verdict, hand.assignment);
    if (answer.problem) return answer.problem;
    this.leave(hand, { review: answer.review, reason: null, escalation: null });
    return null;
  }

  skip(reason: string): void {
    const { hand } = this.store.state;
    if (hand && !hand.lost) this.leave(hand, { review: null, reason: reason.trim() || null, escalation: null });
  }

  /** Leaves the item to somebody more senior. */
  escalate(note: string): void {
    const { hand } = this.store.state;
    if (hand && !hand.lost) this.leave(hand, { review: null, reason: null, escalation: note.trim() });
  }

  undo(): void {
    const taken = this.outbox.undo();
    if (!taken) return;
    this.session.uncount();
    this.store.putBack(handOf(this.member, taken.assignment, taken.work));
  }

  /** Takes the lost item up again if it is to be had. Others that come instead stay ready. */
  async takeAgain(): Promise<void> {
    const { store } = this;
    const { hand } = store.state;
    if (!hand?.lost) return;
    const { item } = hand.assignment;
    const isSame = (one: Hand) => one.assignment.item.id === item.id;
    try {
      // It may have come back by itself, as the next one.
      if (!store.ready.some(isSame)) {
        const { claimNext } = await ask(ClaimNext, { input: { queue: item.queue.key, count: 1 } });
        store.ready.push(...claimNext.assignments.map((one) => handOf(this.member, one)));
      }
      const again = store.ready.find(isSame) ?? (await this.supply.held()).find(isSame);
      if (again) {
        store.ready = store.ready.filter((one) => one !== again);
        store.set({ hand: { ...again, work: store.state.hand?.work ?? hand.work } });
        return;
      }
      const lost =
        'It is not free: somebody else has it, or it has its answer. What you wrote is kept, and is there again should it come back to you.';
      store.patch(hand.assignment.id, { lost });
    } catch (error) {
      store.patch(hand.assignment.id, { lost: apiError(error).message });
    }
  }

  /** Leaves a lost item behind. */
  moveOn(): void {
    this.store.set({ hand: null });
    void this.supply.fill();
  }

  readonly dismiss = (id: number): void => this.store.dismiss(id);

  /** Something may have become free. */
  readonly look = (): void => this.supply.look();

  retry(): void {
    this.store.set({ trouble: null });
    void this.supply.fill();
  }

  private leave(hand: Hand, what: Left): void {
    this.drafts.drop(hand.assignment.id);
    keepWork(this.member, hand.assignment.item.id, { ...hand.work, at: now() });
    this.session.count(what.review !== null);
    this.store.set({ hand: this.store.ready.shift() ?? null });
    this.outbox.add(hand.assignment, hand.leaseExpiresAt, hand.work, what);
    void this.supply.fill();
  }

  private onSent(pending: Pending): void {
    forgetWork(this.member, pending.itemId);
    if (!this.store.state.hand) this.look();
  }

  private onRefused(pending: Pending, error: ApiError, taken: { assignment: Assignment; work: Work } | null): void {
    if (error.code === 'ALREADY_RESOLVED') {
      this.store.say(`${pending.title} was already decided`, `${error.message} Your answer was not needed.`);
    } else if (error.code === 'LEASE_LOST' || error.code === 'NOT_FOUND') {
      this.store.say(
        `Your answer to ${pending.title} came too late`,
        `${error.message} Should it come back to you, it is filled in.`,
      );
    } else {
      // It is still ours to put right.
      this.store.say(`${pending.title} was not accepted`, error.message);
      if (!taken) return this.look();
      this.store.putBack(handOf(this.member, taken.assignment, taken.work));
    }
    this.session.uncount();
  }

  private onLost(id: string, sentence: string): void {
    const { hand } = this.store.state;
    if (hand?.assignment.id === id) {
      if (!hand.lost) this.store.patch(id, { lost: sentence });
      return;
    }
    this.store.ready = this.store.ready.filter((one) => one.assignment.id !== id);
    this.store.set({});
    this.look();
  }

  /** Once there is something in hand, or nothing to be had: what is given at the same time would come in any order. */
  private beThere(): void {
    if (this.endings.length > 0 && this.store.state.isAvailable) this.presence.begin();
  }

  private onAssignment({ isGiven, assignment: { id, status } }: AssignmentEvent): void {
    if (isGiven) return void this.supply.takeGiven();
    if (status === 'LEASED' || this.outbox.hasFinished(id)) return;
    const { hand } = this.store.state;
    if (hand?.assignment.id === id && isDealtWith(status) && !hand.isChanged) {
      // By a page that was closed while its answer was on the way, for one. Nothing is lost that was written here.
      forgetWork(this.member, hand.assignment.item.id);
      this.store.say(hand.assignment.item.externalId, whatBecame(status));
      return this.moveOn();
    }
    this.onLost(id, whatBecame(status));
  }

  private onConnected(): void {
    void this.outbox.flush();
    void this.drafts.flush();
    if (!this.store.state.hand || this.store.state.trouble) this.look();
  }
}
