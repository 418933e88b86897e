import { useState } from 'react';

import { readJson } from '../review/kept-work.js';

const PREFIX = 'countersign:editing:';

export interface Kept<Value> {
  /** Null: nothing is being written. */
  readonly kept: Value | null;
  readonly keep: (value: Value | null) => void;
  /** Throws away what was written, or puts something else in its place; until the next change it can be undone. */
  readonly replace: (value: Value | null) => void;
  readonly undo: (() => void) | null;
}

/** What is being written and not yet saved: kept in this browser at every keystroke. */
export function useKept<Value>(name: string): Kept<Value> {
  const key = PREFIX + name;
  const [value, setValue] = useState<Value | null>(() => readJson<Value>(key));
  const [thrown, setThrown] = useState<Value | null>(null);
  const keep = (next: Value | null) => {
    setThrown(null);
    setValue(next);
    try {
      if (next === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // No room in this browser: it stays while the page does.
    }
  };
  const replace = (next: Value | null) => {
    keep(next);
    setThrown(value);
  };
  return { kept: value, keep, replace, undo: thrown === null ? null : () => keep(thrown) };
}
