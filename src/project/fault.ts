import { Refusal } from '../errors.js';

/** Where in a document something stands: `['queues', 0, 'rubric', 2, 'type']`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with what a manager wrote. */
export interface Fault {
  readonly path: Path;
  readonly message: string;
  /** Inside a condition: where in its text, both from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** More than this are not listed: whoever made them has one cause to look for. */
const MOST_LISTED = 50;

/** `queues[0].rubric[2].type` */
export function formatPath(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}

export function formatFault(fault: Fault): string {
  const where = formatPath(fault.path);
  const at = fault.line === undefined ? '' : ` (line ${fault.line}, column ${fault.column})`;
  return where ? `${where}${at}: ${fault.message}` : `${fault.message}${at}`;
}

/** All faults in one INVALID_INPUT, so that a file is put right in one go; `details.faults` has them one by one. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const listed = faults.slice(0, MOST_LISTED);
  const more = faults.length > MOST_LISTED ? [`and ${faults.length - MOST_LISTED} more`] : [];
  throw new Refusal('INVALID_INPUT', [...listed.map(formatFault), ...more].join('\n'), {
    faults: listed.map((fault) => ({ ...fault, at: formatPath(fault.path) })),
  });
}
