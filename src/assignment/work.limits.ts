import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Refusal } from '../errors.js';
import type { Work } from './lost-lease.service.js';

const MOST_LABELS_BYTES = 64 * 1024;
const MOST_COMMENT_LENGTH = 10_000;

/** Refuses what is too large to be kept, drafts and late work included. Sizes are of the JSON in UTF-8. */
@Injectable()
export class WorkLimits {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  check({ correctedOutput, labels, comment }: Work): void {
    // A correction stands in for an item's output, and may be as large as an item.
    checkJson('correctedOutput', correctedOutput, this.config.itemBytes);
    checkJson('labels', labels, MOST_LABELS_BYTES);
    if (comment && comment.length > MOST_COMMENT_LENGTH) {
      const most = MOST_COMMENT_LENGTH.toLocaleString('en');
      throw new Refusal('INVALID_INPUT', `comment may have at most ${most} characters; it has ${comment.length}.`);
    }
  }
}

function checkJson(name: string, value: unknown, most: number): void {
  if (value === undefined || value === null) return;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= most) return;
  throw new Refusal('PAYLOAD_TOO_LARGE', `${name} may have at most ${most} bytes as JSON; it has ${bytes}.`);
}
