import { isIPv6 } from 'node:net';

import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';

import { Refusal } from '../errors.js';

const GUESSES = 30;
const PER_SECONDS = 60;

/**
 * How often one address may present credentials that were never issued, before it is refused without a look at the
 * database. Credentials that were valid once do not count: an app that was not told of a revocation locks nobody out.
 *
 * Known limit: counted per process.
 */
@Injectable()
export class GuessLimit {
  private readonly limiter = new RateLimiterMemory({ points: GUESSES, duration: PER_SECONDS });

  /** Throws RATE_LIMITED once the address has guessed too often. */
  async check(address: string): Promise<void> {
    const state = await this.limiter.get(networkOf(address));
    if (!state || (state.consumedPoints ?? 0) <= GUESSES) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((state.msBeforeNext ?? 0) / 1_000));
    throw new Refusal('RATE_LIMITED', 'Too many invalid credentials from this address; try again later.', {
      retryAfterSeconds,
    });
  }

  async count(address: string): Promise<void> {
    await this.limiter.penalty(networkOf(address));
  }
}

/** One subscriber has a whole /64 of IPv6 addresses, so those count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const last = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? 0 : 8 - groups.length - last.length;
  return [...groups, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':');
}
