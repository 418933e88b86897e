import { now } from '../clock.js';
import { ApiError, ask } from '../graphql.js';
import { type Assignment, RenewLease } from './operations.js';

const TICK_MS = 500;
const RETRY_MS = 3_000;

interface Listener {
  held(): { assignment: Assignment; leaseExpiresAt: string }[];
  onRenewed(assignmentId: string, leaseExpiresAt: string): void;
  onLost(assignmentId: string, error: ApiError): void;
}

/**
 * Renews what is held when a third of its lease is over, while somebody is at work: who has gone away loses the item to
 * others in time. That a lease is lost is said by the service alone; a clock in a browser proves nothing.
 */
export class LeaseKeeper {
  private timer: ReturnType<typeof setInterval> | undefined;
  private lastActive = Date.now();
  private readonly notBefore = new Map<string, number>();

  constructor(private readonly listener: Listener) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), TICK_MS);
    for (const sign of SIGNS) window.addEventListener(sign, this.onSign, { passive: true, capture: true });
  }

  stop(): void {
    clearInterval(this.timer);
    for (const sign of SIGNS) window.removeEventListener(sign, this.onSign, { capture: true });
  }

  private readonly onSign = (): void => {
    this.lastActive = Date.now();
  };

  private tick(): void {
    const held = this.listener.held();
    for (const { assignment, leaseExpiresAt } of held) {
      const leaseMs = assignment.item.queue.leaseSeconds * 1_000;
      const leftMs = Date.parse(leaseExpiresAt) - now();
      const isAtWork = Date.now() - this.lastActive < Math.max(60_000, leaseMs / 2);
      // Once it is over we ask as well, to be told what became of it.
      if (leftMs > (leaseMs * 2) / 3 || (!isAtWork && leftMs > 0)) continue;
      if ((this.notBefore.get(assignment.id) ?? 0) > Date.now()) continue;
      this.notBefore.set(assignment.id, Date.now() + RETRY_MS);
      void this.renew(assignment);
    }
    for (const id of this.notBefore.keys())
      if (!held.some((one) => one.assignment.id === id)) this.notBefore.delete(id);
  }

  private async renew({ id, leaseToken }: Assignment): Promise<void> {
    try {
      const { renewLease } = await ask(RenewLease, { input: { assignmentId: id, leaseToken } });
      this.notBefore.delete(id);
      this.listener.onRenewed(id, renewLease.assignment.leaseExpiresAt);
    } catch (error) {
      if (error instanceof ApiError && isLoss(error)) this.listener.onLost(id, error);
    }
  }
}

export function isLoss({ code }: ApiError): boolean {
  return code === 'LEASE_LOST' || code === 'ALREADY_RESOLVED' || code === 'NOT_FOUND';
}

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove', 'scroll'] as const;
