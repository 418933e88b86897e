import { useState } from 'react';

import { readJson } from '../review/kept-work.js';

const PREFIX = 'countersign:editing:';

/** What is being written and not yet saved: kept in this browser at every keystroke. Null: nothing is. */
export function useKept<Value>(name: string): [Value | null, (value: Value | null) => void] {
  const key = PREFIX + name;
  const [value, setValue] = useState<Value | null>(() => readJson<Value>(key));
  const keep = (next: Value | null) => {
    setValue(next);
    try {
      if (next === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // No room in this browser: it stays while the page does.
    }
  };
  return [value, keep];
}
