import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const canonicalize = createRequire(import.meta.url)('canonicalize') as (value: unknown) => string | undefined;

/** The one text form that equal JSON values share (RFC 8785). */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'null';
}

/** What makes a repeated submit the same: SHA-256 over the canonical form of the person's whole answer, in hex. */
export function contentHash(answer: {
  readonly verdict: string;
  readonly correctedOutput: unknown;
  readonly labels: unknown;
  readonly comment: string | null;
}): string {
  const { verdict, correctedOutput, labels, comment } = answer;
  return createHash('sha256').update(canonical({ verdict, correctedOutput, labels, comment })).digest('hex');
}
