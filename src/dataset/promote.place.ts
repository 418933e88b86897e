import { isContested } from './promote.conflict.js';

/** Where an item that would be a case stands among those that ask the same. */
export type Place = 'CASE' | 'CONFLICT' | 'DUPLICATE';

export interface Member {
  readonly datasetId: string;
  readonly inputHash: string;
  readonly itemId: string;
  /** Of input and expected output, without what a manager edited. */
  readonly baseHash: string;
  readonly answers: readonly string[];
  /** Where it stands now; null when it is new. */
  readonly now: Place | null;
  /** What a manager changed says something of its own, so it is nobody's duplicate. */
  readonly isEdited: boolean;
}

const ranks: readonly (Place | null)[] = ['CASE', 'CONFLICT', 'DUPLICATE', null];

/**
 * Of those with the same answer one stands for all: what is a case stays one, and otherwise the oldest is it. Where those
 * that stand contradict each other, all of them are in conflict.
 */
export function placesOf(members: readonly Member[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const group of groupsOf(members)) {
    const standing: Member[] = [];
    for (const member of [...group].sort(before)) {
      const isDuplicate = !member.isEdited && standing.some(({ baseHash }) => baseHash === member.baseHash);
      if (isDuplicate) places.set(memberOf(member), 'DUPLICATE');
      else standing.push(member);
    }
    const place = isContested(standing) ? 'CONFLICT' : 'CASE';
    for (const member of standing) places.set(memberOf(member), place);
  }
  return places;
}

export function memberOf({ datasetId, itemId }: Pick<Member, 'datasetId' | 'itemId'>): string {
  return `${datasetId} ${itemId}`;
}

function groupsOf(members: readonly Member[]): Iterable<Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = `${member.datasetId} ${member.inputHash}`;
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return groups.values();
}

function before(a: Member, b: Member): number {
  return (
    ranks.indexOf(a.now) - ranks.indexOf(b.now) ||
    Number(b.isEdited) - Number(a.isEdited) ||
    (a.itemId < b.itemId ? -1 : 1)
  );
}
