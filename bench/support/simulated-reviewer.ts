import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

import { ask } from './service.js';

interface Held {
  readonly id: string;
  readonly status: string;
  readonly leaseToken: string;
  readonly item: { readonly id: string; readonly externalId: string };
}

export interface Reviewer {
  readonly name: string;
  readonly token: string;
  readonly memberId: string;
  readonly skills: readonly string[];
  readonly capacity: number;
}

/** What a simulation learns of what reviewers were given; it judges from outside. */
export interface Witness {
  given(reviewer: Reviewer, item: { id: string; externalId: string }, holding: number): void;
  answered(reviewer: Reviewer, itemId: string, code: string | null): void;
}

const ACCEPT = `subscription ($accept: AcceptInput) { assignmentChanged(accept: $accept) { assignment {
  id status leaseToken item { id externalId } } } }`;
const SUBMIT = `mutation ($input: SubmitReviewInput!) { submitReview(input: $input) { review { id } } }`;

/**
 * A person who takes work as it comes. Thinks for a moment, answers; now and then the laptop is closed with items in hand
 * and opened again a while later.
 */
export class SimulatedReviewer {
  private client: Client | null = null;
  private readonly hand: Held[] = [];
  private readonly known = new Set<string>();
  private isWorking = false;
  private isStopped = false;

  constructor(
    private readonly url: string,
    readonly reviewer: Reviewer,
    private readonly witness: Witness,
    private readonly options: { readonly thinkMs: number; readonly deathShare: number },
  ) {}

  arrive(): void {
    const { token, capacity } = this.reviewer;
    this.client = createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 20,
      shouldRetry: () => true,
    });
    this.client.subscribe<{ assignmentChanged: { assignment: Held } }>(
      { query: ACCEPT, variables: { accept: { capacity: Math.min(capacity, 10) } } },
      {
        next: ({ data }) => data && this.hear(data.assignmentChanged.assignment),
        error: () => undefined,
        complete: () => undefined,
      },
    );
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.client?.dispose();
  }

  private hear(held: Held): void {
    const place = this.hand.findIndex((one) => one.id === held.id);
    if (held.status !== 'LEASED') {
      if (place >= 0) this.hand.splice(place, 1);
      // Nothing more comes to whoever let something run out; they look after it.
      if (held.status === 'EXPIRED' && !this.isStopped) void this.comeBack();
      return;
    }
    // Without a token it has ended by now.
    if (this.known.has(held.id) || !held.leaseToken) return;
    this.known.add(held.id);
    this.hand.push(held);
    this.witness.given(this.reviewer, held.item, this.hand.length);
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    while (this.hand.length > 0 && !this.isStopped) {
      await pause(this.options.thinkMs * (0.5 + Math.random()));
      if (Math.random() < this.options.deathShare) await this.die();
      else await this.answer();
    }
    this.isWorking = false;
  }

  private async answer(): Promise<void> {
    // Out of the hand before the answer is in: the next item may be here before it.
    const held = this.hand.shift();
    if (!held) return;
    const input = { assignmentId: held.id, leaseToken: held.leaseToken, verdict: 'CONFIRMED' };
    const code = await ask(this.url, this.reviewer.token, SUBMIT, { input }).then(
      ({ errors }) => errors?.[0]?.extensions?.code ?? null,
      () => 'NO_ANSWER',
    );
    if (code === 'RATE_LIMITED' || code === 'OVERLOADED' || code === 'NO_ANSWER') {
      this.hand.unshift(held);
      return pause(200);
    }
    this.witness.answered(this.reviewer, held.item.id, code);
  }

  private async comeBack(): Promise<void> {
    await this.client?.dispose();
    this.arrive();
  }

  /** Without a word to the service: what is in hand runs out. */
  private async die(): Promise<void> {
    await this.client?.dispose();
    this.hand.length = 0;
    await pause(this.options.thinkMs * 20);
    if (!this.isStopped) this.arrive();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
