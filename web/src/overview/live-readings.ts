import { useEffect, useRef } from 'react';

import { listen } from '../live.js';
import { SomethingChanged } from './operations.js';

/** One socket carries 20 subscriptions; what happens in further queues is seen with the next change in these. */
const MOST_WATCHED = 16;

interface Watch {
  readonly notes: Set<() => void>;
  readonly stop: () => void;
}
const watches = new Map<string, Watch>();

/** All who want to know of a queue share one subscription. Returns how to stop. */
function watch(queue: string, note: () => void): () => void {
  let shared = watches.get(queue);
  if (!shared) {
    const notes = new Set<() => void>();
    const tell = () => notes.forEach((one) => one());
    shared = { notes, stop: listen(SomethingChanged, { queue }, tell, tell) };
    watches.set(queue, shared);
  }
  const { notes, stop } = shared;
  notes.add(note);
  return () => {
    notes.delete(note);
    if (notes.size > 0) return;
    watches.delete(queue);
    stop();
  };
}

/**
 * Calls `read` after something changed in one of the queues: soon after the first change, then at most once in
 * `everyMs`, and once more for what came in between. Also when the page is looked at again, for what only time changes.
 */
export function useChanges(keys: readonly string[], everyMs: number, read: () => Promise<void>): void {
  const latest = useRef(read);
  latest.current = read;
  const watched = keys.slice(0, MOST_WATCHED).join(' ');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isStale = false;
    let isOver = false;
    const later = (ms: number) => {
      timer ??= setTimeout(() => void run(), ms);
    };
    const run = async () => {
      isReading = true;
      isStale = false;
      await latest.current();
      isReading = false;
      timer = undefined;
      if (isStale && !isOver) later(everyMs);
    };
    const note = () => {
      isStale = true;
      if (!isReading) later(Math.min(everyMs, 300));
    };
    const onLook = () => {
      if (document.visibilityState === 'visible') note();
    };
    const stops = watched
      .split(' ')
      .filter(Boolean)
      .map((queue) => watch(queue, note));
    document.addEventListener('visibilitychange', onLook);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onLook);
      for (const stop of stops) stop();
    };
  }, [watched, everyMs]);
}
