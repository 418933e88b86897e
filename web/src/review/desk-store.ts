import type { ApiError } from '../graphql.js';
import type { Work } from './answer.js';
import type { Saved } from './draft-saver.js';
import type { Assignment } from './operations.js';
import type { Pending } from './outbox.js';

/** An item that this reviewer holds. */
export interface Hand {
  readonly assignment: Assignment;
  readonly work: Work;
  readonly leaseExpiresAt: string;
  readonly saved: Saved;
  /** Something was written on this page. */
  readonly isChanged: boolean;
  /** Why it is no longer held, as a sentence. */
  readonly lost: string | null;
}

export interface Empty {
  readonly reason: 'NOTHING_OPEN' | 'ALL_LEASED' | 'NOT_ELIGIBLE' | 'AT_CAPACITY' | 'PAUSED';
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
  /** Whether more is wanted when this is done. */
  readonly isAvailable: boolean;
  readonly isNextReady: boolean;
  /** Null while there is, or may be, something to do. */
  readonly empty: Empty | null;
  /** Why the next item could not be fetched. */
  readonly trouble: ApiError | null;
  readonly pending: readonly Pending[];
  readonly undoable: Pending | null;
  readonly messages: readonly Message[];
}

/** What lies on the desk, as the page shows it, and the items that wait beside it. */
export class DeskStore {
  state: DeskState = {
    hand: null,
    isAvailable: true,
    isNextReady: false,
    empty: null,
    trouble: null,
    pending: [],
    undoable: null,
    messages: [],
  };
  /** Held, and not in hand yet; the first comes next. */
  ready: Hand[] = [];
  private readonly watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  readonly snapshot = (): DeskState => this.state;

  set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change, isNextReady: this.ready.length > 0 };
    for (const watcher of this.watchers) watcher();
  }

  /** Changes one item, in hand or waiting. */
  patch(id: string, change: Partial<Hand>): void {
    const { hand } = this.state;
    if (hand?.assignment.id === id) this.set({ hand: { ...hand, ...change } });
    this.ready = this.ready.map((one) => (one.assignment.id === id ? { ...one, ...change } : one));
  }

  /** Puts an item in hand that was there before; what is in hand now comes after it. */
  putBack(one: Hand): void {
    const { hand } = this.state;
    if (hand) this.ready.unshift(hand);
    this.set({ hand: one, empty: null });
  }

  /** All that is held. */
  held(): Hand[] {
    return [this.state.hand, ...this.ready].filter((one): one is Hand => one !== null && one.lost === null);
  }

  /** How many items lie here, of a queue or of all. */
  heldIn(queue: string | null): number {
    return this.held().filter(({ assignment: { item } }) => queue === null || item.queue.key === queue).length;
  }

  say(title: string, text: string): void {
    const id = (this.state.messages.at(-1)?.id ?? 0) + 1;
    this.set({ messages: [...this.state.messages, { id, title, text }] });
  }

  dismiss(id: number): void {
    this.set({ messages: this.state.messages.filter((message) => message.id !== id) });
  }
}
