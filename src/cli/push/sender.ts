import { setTimeout as sleep } from 'node:timers/promises';

import { CommandFailure, UsageError } from '../failure.js';
import { type Fault, faultOf, isPassing, isSilence, isStranger, withoutSecrets } from './fault.js';
import type { PushTarget, Row } from './target.js';

const TRIES = 6;
/** Waits at most this long before a try, whatever is asked for: then people should know. */
const LONGEST_WAIT_SECONDS = 60;

/** A case that the system did not take, and why. */
export interface Failure {
  readonly caseId: string;
  readonly reason: string;
}

/**
 * Does one thing at a time with another system. What may pass is tried again, after the time that the system asks for; a
 * batch that is refused is halved until the cases that caused it stand alone; everything else ends the push.
 */
export class PushSender {
  constructor(
    private readonly target: PushTarget,
    private readonly secrets: readonly string[],
    private readonly tell: (text: string) => void,
  ) {}

  /** Anything that is not about single cases. */
  async ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof CommandFailure || error instanceof UsageError) throw error;
        await this.waitOrThrow(faultOf(error), attempt);
      }
    }
  }

  /** Returns the cases that were refused; all others are there. */
  async send(rows: readonly Row[], work: (rows: readonly Row[]) => Promise<void>): Promise<Failure[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await work(rows);
        return [];
      } catch (error) {
        const fault = faultOf(error);
        if (!isOfTheData(fault)) {
          await this.waitOrThrow(fault, attempt);
          continue;
        }
        const [only] = rows;
        if (rows.length === 1 && only) return [{ caseId: only.caseId, reason: this.said(fault) }];
        const middle = rows.length >> 1;
        const first = await this.send(rows.slice(0, middle), work);
        return [...first, ...(await this.send(rows.slice(middle), work))];
      }
    }
  }

  private async waitOrThrow(fault: Fault, attempt: number): Promise<void> {
    const asked = fault.retryAfterSeconds ?? 0;
    if (!isPassing(fault) || attempt >= TRIES || asked > LONGEST_WAIT_SECONDS) throw this.explain(fault);
    const seconds = Math.max(asked, 0.2 * 2 ** attempt * (0.5 + Math.random() / 2));
    this.tell(`${this.said(fault)}; trying again in ${seconds.toFixed(1)} s`);
    await sleep(seconds * 1_000);
  }

  private explain(fault: Fault): CommandFailure {
    const { title, needs } = this.target;
    const keys = needs.map((names) => names[0]).join(' and ');
    const said = this.said(fault);
    if (fault.status === 401 || fault.status === 403) {
      return new CommandFailure(
        `${title} does not let this key in (${said}).${keys ? ` It is read from ${keys}.` : ''}`,
      );
    }
    const place = 'Is the address right? --endpoint sets it.';
    if (isSilence(fault)) return new CommandFailure(`No answer from ${title} (${said}). ${place}`);
    if (isStranger(fault)) return new CommandFailure(`What answers is not ${title} (${said}). ${place}`);
    if (fault.status === 404) return new CommandFailure(`${title} did not find it (${said}). ${place}`);
    return new CommandFailure(`${title} did not take it: ${said}`);
  }

  private said({ status, message }: Fault): string {
    const text = withoutSecrets(message, this.secrets);
    if (text === '') return String(status);
    return status === null || text.includes(String(status)) ? text : `${status}: ${text}`;
  }
}

/** The request was understood and refused for what it holds. */
function isOfTheData({ status }: Fault): boolean {
  return status === 400 || status === 409 || status === 413 || status === 422;
}
