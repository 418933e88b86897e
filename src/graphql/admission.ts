import { Injectable } from '@nestjs/common';

import { Refusal } from '../errors.js';
import { limits } from './limits.js';

/** How much HTTP work is under way. Beyond the limits a request is refused at once instead of waiting in memory. */
@Injectable()
export class Admission {
  private operations = 0;
  private bytes = 0;

  /** Returns what to call, once or more often, when the request is over. */
  enter(isOperation: boolean, bytes: number): () => void {
    const operations = isOperation ? 1 : 0;
    // One body alone is always let in, however small the limit is next to it.
    const isOverBytes = this.bytes > 0 && this.bytes + bytes > limits.bodyBytesInFlight;
    if (this.operations + operations > limits.operations || isOverBytes) {
      throw new Refusal('OVERLOADED', 'The service has too many requests under way; try again shortly.', {
        retryAfterSeconds: 1,
      });
    }
    this.operations += operations;
    this.bytes += bytes;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.operations -= operations;
      this.bytes -= bytes;
    };
  }
}
