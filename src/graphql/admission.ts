import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import { limits } from './limits.js';

/**
 * How much HTTP work is under way. Beyond the limits a request is refused at once instead of waiting in memory. Bodies
 * count by what has arrived, so that who only announces one holds up nobody, and those of strangers have a limit of
 * their own, so that they cannot fill that of callers with a key.
 */
@Injectable()
export class Admission {
  private operations = 0;
  private readonly bytes = { known: 0, stranger: 0 };

  /** For one request; `leave` gives back what it took. */
  visit(isKnown: boolean): Visit {
    const who = isKnown ? 'known' : 'stranger';
    const limit = isKnown ? limits.bodyBytesInFlight : limits.strangersBytesInFlight;
    const taken = { bytes: 0, operations: 0 };
    return {
      takeBytes: (bytes) => {
        // One body alone is always let in, however small the limit is next to it.
        if (this.bytes[who] > taken.bytes && this.bytes[who] + bytes > limit) throw overloaded();
        this.bytes[who] += bytes;
        taken.bytes += bytes;
      },
      startOperation: () => {
        if (this.operations >= limits.operations) throw overloaded();
        this.operations += 1;
        taken.operations += 1;
      },
      leave: () => {
        this.bytes[who] -= taken.bytes;
        this.operations -= taken.operations;
        taken.bytes = taken.operations = 0;
      },
    };
  }
}

export interface Visit {
  takeBytes(bytes: number): void;
  startOperation(): void;
  leave(): void;
}

function overloaded(): Refusal {
  const message = 'The service has too many requests under way; try again shortly.';
  return new Refusal('OVERLOADED', message, { retryAfterSeconds: 1 });
}
