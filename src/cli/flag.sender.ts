import { setTimeout as sleep } from 'node:timers/promises';

import { type Client, ServiceError } from './client.js';
import { CommandFailure } from './failure.js';

/** A line on its way. */
export interface Outgoing {
  readonly line: number;
  readonly text: string;
  readonly input: unknown;
  readonly bytes: number;
}

export type Outcome =
  | { readonly kind: 'added' | 'duplicate' | 'passed' }
  | { readonly kind: 'conflict' | 'bad'; readonly code: string; readonly reason: string };

type OnOutcome = (line: Outgoing, outcome: Outcome) => void;

interface Answer {
  readonly flagOutputs: { readonly rows: readonly Row[] };
}

interface Row {
  readonly payload: { readonly decision: string; readonly duplicate: boolean } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const FLAG = `mutation ($inputs: [FlagOutputInput!]!) {
  flagOutputs(inputs: $inputs) { rows { payload { decision duplicate } error { code message } } }
}`;
/** Of the whole call: something in it is refused, and it stands alone after some halving. */
const OF_THE_DATA = new Set(['INVALID_INPUT', 'INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'HTTP_400', 'HTTP_413']);
const BUSY = new Set(['OVERLOADED', 'RATE_LIMITED', 'HTTP_429', 'HTTP_503']);
/** Of one row: it may be stored at the next try. */
const LATER = new Set(['OVERLOADED', 'INTERNAL']);
const MOST_TRIES = 8;
const LONGEST_WAIT_MS = 8_000;
/** A service that is started again is back within seconds; one that is not back by then is not coming. */
export const PATIENCE_SECONDS = 60;

/**
 * Sends batches until each of their lines has an answer. Repeating is safe, since flagging is idempotent: a busy service
 * is waited for however long it takes, and a batch that is refused as a whole is halved until the lines that caused it
 * stand alone. Anything else is thrown, and what was acknowledged until then stands.
 */
export class Sender {
  /** What it waits for at the moment, for the progress display. */
  waiting: string | null = null;
  private mayWait = true;

  constructor(private readonly client: Client) {}

  /** What is on its way is still answered; a service that is not there is no longer waited for. */
  stopWaiting(): void {
    this.mayWait = false;
  }

  async send(batch: readonly Outgoing[], onOutcome: OnOutcome): Promise<void> {
    let open = batch;
    for (let attempt = 1; open.length > 0; attempt++) {
      try {
        const { flagOutputs } = await this.request(open.map(({ input }) => input));
        this.waiting = null;
        open = settle(open, flagOutputs.rows, onOutcome);
        if (open.length > 0 && attempt >= MOST_TRIES) throw new CommandFailure('Some lines could not be stored.');
        if (open.length > 0) await this.wait('some lines are sent again', attempt);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (OF_THE_DATA.has(error.code)) return this.halve(open, error, onOutcome);
        if (!BUSY.has(error.code)) throw error;
        await this.wait(error.message, attempt, Number(error.details.retryAfterSeconds));
      }
    }
  }

  private request(inputs: unknown[]): Promise<Answer> {
    return this.client.request<Answer>(
      FLAG,
      { inputs },
      { patienceSeconds: PATIENCE_SECONDS, mayWait: () => this.mayWait },
    );
  }

  private async halve(batch: readonly Outgoing[], refused: ServiceError, onOutcome: OnOutcome): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only) {
      return onOutcome(only, { kind: 'bad', code: refused.code, reason: refused.message });
    }
    const middle = batch.length >> 1;
    await this.send(batch.slice(0, middle), onOutcome);
    await this.send(batch.slice(middle), onOutcome);
  }

  private async wait(why: string, attempt: number, askedSeconds = 0): Promise<void> {
    this.waiting = why;
    const ms = askedSeconds > 0 ? askedSeconds * 1_000 : Math.min(LONGEST_WAIT_MS, 100 * 2 ** attempt);
    await sleep(ms * (1 + Math.random() / 4));
  }
}

/** Hands out what is decided and returns what has to be sent again. */
function settle(batch: readonly Outgoing[], rows: readonly Row[], onOutcome: OnOutcome): Outgoing[] {
  return batch.filter((line, i) => {
    const { payload = null, error = null } = rows[i] ?? {};
    if (error && LATER.has(error.code)) return true;
    if (error) {
      const kind = error.code === 'DUPLICATE_CONFLICT' ? 'conflict' : 'bad';
      onOutcome(line, { kind, code: error.code, reason: error.message });
    } else if (payload?.duplicate) onOutcome(line, { kind: 'duplicate' });
    else onOutcome(line, { kind: payload?.decision === 'PASS' ? 'passed' : 'added' });
    return false;
  });
}
