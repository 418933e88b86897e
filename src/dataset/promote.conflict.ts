/** Something that asks the same as others, and which answers it takes for right, as hashes. */
export interface Answering {
  readonly answers: readonly string[];
}

/**
 * Whether answers to the same input contradict each other: there are several, and nobody takes all of them for right.
 * Who has no answer (a bare rejection) contradicts nobody; who lists all as alternatives has reconciled them.
 */
export function isContested(group: readonly Answering[]): boolean {
  const all = new Set(group.flatMap(({ answers }) => answers));
  return all.size > 1 && !group.some(({ answers }) => new Set(answers).size === all.size);
}
