import { useEffect, useRef } from 'react';

import { listen } from '../live.js';
import { SomethingChanged } from './operations.js';

/** Changes come in crowds: one flag of many items is many. */
const SOON_MS = 200;

/** One socket carries 20 subscriptions; what happens in further queues is seen with the next change in these. */
const MOST_WATCHED = 16;

interface Watch {
  readonly notes: Set<() => void>;
  readonly stop: () => void;
}
const watches = new Map<string, Watch>();

/**
 * All who want to know of a queue share one subscription, which tells of all that comes after `after`. Returns how to
 * stop.
 */
function watch(queue: string, after: string, note: () => void): () => void {
  let shared = watches.get(queue);
  if (!shared) {
    const notes = new Set<() => void>();
    const tell = () => notes.forEach((one) => one());
    shared = { notes, stop: listen(SomethingChanged, { queue, after }, tell, tell) };
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

/** Queues, and the end of the log when they were first read: nothing after that goes unnoticed. */
export interface Watched {
  readonly keys: readonly string[];
  readonly after: string;
}

/**
 * Calls `read` after something changed in one of the queues: soon after the first change, then at most once in
 * `everyMs`, and once more for what came in between. Also when the page is looked at again, for what only time changes.
 */
export function useChanges(scope: Watched | null, everyMs: number, read: () => Promise<void>): void {
  const latest = useRef(read);
  latest.current = read;
  const watched = scope?.keys.slice(0, MOST_WATCHED).join(' ') ?? '';
  // Later ends of the log are of no interest: the subscription goes on by itself.
  const start = useRef(scope?.after);
  start.current ??= scope?.after;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isStale = false;
    let isOver = false;
    let readAt = 0;
    const later = () => {
      const rest = everyMs - (Date.now() - readAt);
      timer ??= setTimeout(() => void run(), Math.max(SOON_MS, rest));
    };
    const run = async () => {
      isReading = true;
      isStale = false;
      await latest.current();
      isReading = false;
      readAt = Date.now();
      timer = undefined;
      if (isStale && !isOver) later();
    };
    const note = () => {
      isStale = true;
      if (!isReading) later();
    };
    const onLook = () => {
      if (document.visibilityState === 'visible') note();
    };
    const stops = watched
      .split(' ')
      .filter(Boolean)
      .map((queue) => watch(queue, start.current!, note));
    document.addEventListener('visibilitychange', onLook);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onLook);
      for (const stop of stops) stop();
    };
  }, [watched, everyMs]);
}
