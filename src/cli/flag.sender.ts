import { setTimeout as sleep } from 'node:timers/promises';

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

/** Nothing more can be sent: the service is away, or the key may not. What was acknowledged stands. */
export class SendingStopped extends Error {}

interface Answer {
  readonly data?: { readonly flagOutputs: { readonly rows: readonly Row[] } } | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

interface Row {
  readonly payload: { readonly decision: string; readonly duplicate: boolean } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const FLAG = `mutation ($inputs: [FlagOutputInput!]!) {
  flagOutputs(inputs: $inputs) { rows { payload { decision duplicate } error { code message } } }
}`;
const TIMEOUT_MS = 60_000;
/** How long the service may be away before we give up. */
const PATIENCE_MS = 60_000;
const LONGEST_WAIT_MS = 5_000;
const FATAL = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']);
const BUSY = new Set(['OVERLOADED', 'RATE_LIMITED']);
const LATER = new Set([...BUSY, 'INTERNAL']);

/**
 * Sends batches until each of their lines has an answer. Repeating is safe, since flagging is idempotent: a busy or
 * absent service is waited for, and a batch that is refused as a whole is halved until the lines that caused it stand
 * alone.
 */
export class Sender {
  /** What it waits for at the moment, for the progress display. */
  waiting: string | null = null;

  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async send(batch: readonly Outgoing[], onOutcome: (line: Outgoing, outcome: Outcome) => void): Promise<void> {
    const startedAt = Date.now();
    let open = batch;
    for (let attempt = 1; open.length > 0; attempt++) {
      const answer = await this.post(open.map(({ input }) => input));
      const refusal = answer.errors?.[0];
      const code = String(refusal?.extensions?.code ?? 'INTERNAL');
      const isBusy = refusal !== undefined && BUSY.has(code);
      if (refusal && FATAL.has(code)) throw new SendingStopped(`${code}: ${refusal.message}`);
      if (refusal && !LATER.has(code)) return this.halve(open, { code, reason: refusal.message }, onOutcome);
      open = answer.data ? settle(open, answer.data.flagOutputs.rows, onOutcome) : open;
      if (open.length === 0) break;
      if (!isBusy && Date.now() - startedAt > PATIENCE_MS) {
        throw new SendingStopped(refusal?.message ?? 'some lines could not be stored after many attempts');
      }
      await this.wait(refusal?.message ?? 'some lines are to be sent again', refusal?.extensions, attempt);
    }
    this.waiting = null;
  }

  private async halve(
    batch: readonly Outgoing[],
    refused: { code: string; reason: string },
    onOutcome: (line: Outgoing, outcome: Outcome) => void,
  ): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only) return onOutcome(only, { kind: 'bad', ...refused });
    const middle = batch.length >> 1;
    await this.send(batch.slice(0, middle), onOutcome);
    await this.send(batch.slice(middle), onOutcome);
  }

  private async post(inputs: readonly unknown[]): Promise<Answer> {
    const body = JSON.stringify({ query: FLAG, variables: { inputs } });
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' };
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers, body, signal });
      return readAnswer(response.status, await response.text());
    } catch (error) {
      const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
      return { errors: [{ message: `the service at ${this.url} does not answer (${cause})` }] };
    }
  }

  private async wait(why: string, extensions: Record<string, unknown> | undefined, attempt: number): Promise<void> {
    this.waiting = why;
    const asked = Number(extensions?.retryAfterSeconds);
    const ms = asked > 0 ? asked * 1_000 : Math.min(LONGEST_WAIT_MS, 100 * 2 ** attempt);
    await sleep(ms * (1 + Math.random() / 4));
  }
}

function readAnswer(status: number, text: string): Answer {
  try {
    const answer = JSON.parse(text) as Answer;
    if (answer.data ?? answer.errors) return answer;
  } catch {
    // A proxy in between, perhaps; its status says what it means.
  }
  const code = (
    {
      401: 'UNAUTHENTICATED',
      403: 'FORBIDDEN',
      404: 'NOT_FOUND',
      413: 'PAYLOAD_TOO_LARGE',
      429: 'RATE_LIMITED',
      503: 'OVERLOADED',
    } as Record<number, string>
  )[status];
  return { errors: [{ message: `HTTP ${status}: ${text.slice(0, 200)}`, extensions: { code: code ?? 'INTERNAL' } }] };
}

/** Hands out what is decided and returns what has to be sent again. */
function settle(
  batch: readonly Outgoing[],
  rows: readonly Row[],
  onOutcome: (line: Outgoing, outcome: Outcome) => void,
): Outgoing[] {
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
