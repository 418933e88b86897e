import { createHash } from 'node:crypto';

/**
 * The id that a case has in a system whose ids are UUIDv7 and may not stand in two datasets. In the dataset of the same
 * name it is the case's own; in another one it is derived from both, so that pushing again finds it again. The instant in
 * it, and so the order, stays.
 */
export function idIn(name: string, dataset: string, caseId: string): string {
  if (name === dataset) return caseId;
  const digits = createHash('sha256').update(`${name} ${caseId}`).digest('hex');
  const variant = '89ab'[Number.parseInt(digits[3] ?? '0', 16) % 4] ?? '8';
  return `${caseId.slice(0, 14)}7${digits.slice(0, 3)}-${variant}${digits.slice(4, 7)}-${digits.slice(7, 19)}`;
}
