import type { Work } from './answer.js';

/** Work as it is kept in this browser, with the time of its last change by the service's clock. */
export interface KeptWork extends Work {
  at: number;
}

const PREFIX = 'countersign:work:';
const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Keeps every keystroke in this browser, by member and item, so that a closed tab, a lost lease or a dead network takes
 * nothing with it. Returns false when the browser has no room; the service's draft is then the only copy.
 */
export function keepWork(member: string, item: string, work: KeptWork): boolean {
  try {
    localStorage.setItem(`${PREFIX}${member}:${item}`, JSON.stringify(work));
    return true;
  } catch {
    return false;
  }
}

export function recallWork(member: string, item: string): KeptWork | null {
  return readJson<KeptWork>(`${PREFIX}${member}:${item}`);
}

export function forgetWork(member: string, item: string): void {
  localStorage.removeItem(`${PREFIX}${member}:${item}`);
}

/** Lets go of what nobody has come back to for a month. */
export function tidyWork(): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const work = readJson<KeptWork>(key);
    if (!work || work.at < Date.now() - MONTH_MS) localStorage.removeItem(key);
  }
}

export function readJson<Value>(key: string, store: Storage = localStorage): Value | null {
  try {
    return JSON.parse(store.getItem(key) ?? 'null') as Value | null;
  } catch {
    return null;
  }
}
